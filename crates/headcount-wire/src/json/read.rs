//! Reads JSON (RFC 8259), strictly and within limits.

use std::borrow::Cow;

use super::text::unescaped;
use super::{Fault, Json};
use crate::limits;

/// Reads a text that consists of one value.
pub(crate) fn parse(text: &str) -> Result<Json<'_>, Fault> {
    Reader::new(limits::VALUES).whole(text)
}

/// A reader with the number of values that it may still create. Several texts
/// of one body share that number.
pub(crate) struct Reader {
    left: usize,
}

impl Reader {
    pub(crate) fn new(values: usize) -> Self {
        Self { left: values }
    }

    /// Reads a text that consists of one value.
    pub(crate) fn whole<'a>(&mut self, text: &'a str) -> Result<Json<'a>, Fault> {
        self.whole_from(text, 0)
    }

    fn whole_from<'a>(&mut self, text: &'a str, at: usize) -> Result<Json<'a>, Fault> {
        let mut cursor = Cursor { text, at, left: &mut self.left };
        let value = cursor.value(0)?;
        cursor.space();
        if cursor.at == text.len() { Ok(value) } else { Err(cursor.wrong()) }
    }
}

/// Reads a body that consists of one value.
#[cfg(feature = "model")]
pub(crate) fn parse_body(text: &str) -> Result<Json<'_>, Fault> {
    Reader::new(limits::VALUES).body(text)
}

/// A byte order mark.
pub(crate) const MARK: char = '\u{feff}';

#[cfg(feature = "model")]
impl Reader {
    /// Reads a text that consists of one value, and maybe a byte order mark
    /// before it.
    pub(crate) fn body<'a>(&mut self, text: &'a str) -> Result<Json<'a>, Fault> {
        self.whole_from(text, if text.starts_with(MARK) { MARK.len_utf8() } else { 0 })
    }

    /// Reads the value that begins at or after a byte. Returns where it begins
    /// and ends; `None` if nothing follows.
    pub(crate) fn next<'a>(
        &mut self,
        text: &'a str,
        at: usize,
    ) -> Result<Option<(Json<'a>, std::ops::Range<usize>)>, Fault> {
        let mut cursor = Cursor { text, at, left: &mut self.left };
        cursor.space();
        if cursor.at == text.len() {
            return Ok(None);
        }
        let start = cursor.at;
        let value = cursor.value(0)?;
        Ok(Some((value, start..cursor.at)))
    }
}

struct Cursor<'a, 'r> {
    text: &'a str,
    at: usize,
    left: &'r mut usize,
}

impl<'a> Cursor<'a, '_> {
    fn wrong(&self) -> Fault {
        Fault::Syntax(self.at)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Fault> {
        self.space();
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.wrong())
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json<'a>, Fault> {
        self.space();
        *self.left = self.left.checked_sub(1).ok_or(Fault::TooMany)?;
        match self.peek() {
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.list(depth + 1),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Flag(true)),
            Some(b'f') => self.word("false", Json::Flag(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(self.wrong()),
        }
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, Fault> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.wrong())
        }
    }

    /// Enters an array or object. Returns whether it is empty.
    fn enter(&mut self, depth: usize, end: u8) -> Result<bool, Fault> {
        if depth > limits::DEPTH {
            return Err(Fault::TooDeep(self.at));
        }
        self.at += 1;
        self.space();
        let is_empty = self.peek() == Some(end);
        self.at += usize::from(is_empty);
        Ok(is_empty)
    }

    /// Reads what follows an item. Returns whether another item follows.
    fn goes_on(&mut self, end: u8) -> Result<bool, Fault> {
        self.space();
        let next = self.peek();
        if next == Some(b',') || next == Some(end) {
            self.at += 1;
            Ok(next == Some(b','))
        } else {
            Err(self.wrong())
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json<'a>, Fault> {
        let mut items = Vec::new();
        let mut more = !self.enter(depth, b']')?;
        while more {
            items.push(self.value(depth)?);
            more = self.goes_on(b']')?;
        }
        Ok(Json::List(items))
    }

    fn object(&mut self, depth: usize) -> Result<Json<'a>, Fault> {
        let mut fields = Vec::new();
        let mut more = !self.enter(depth, b'}')?;
        while more {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.wrong());
            }
            let name = self.string()?;
            self.expect(b':')?;
            fields.push((name, self.value(depth)?));
            more = self.goes_on(b'}')?;
        }
        Ok(Json::Object(fields))
    }

    /// Reads a string. The cursor is on its opening quotation mark.
    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        let (text, end) = unescaped(self.text, self.at + 1)?;
        self.at = end;
        Ok(text)
    }

    fn number(&mut self) -> Result<Json<'a>, Fault> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits()?,
            _ => return Err(self.wrong()),
        }
        let mut is_whole = true;
        if self.peek() == Some(b'.') {
            is_whole = false;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            is_whole = false;
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        let text = &self.text[start..self.at];
        if is_whole && let Ok(number) = text.parse() {
            return Ok(Json::Whole(number));
        }
        Ok(match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Json::Decimal(number),
            _ => Json::OutOfRange,
        })
    }

    /// Reads one or more digits.
    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.wrong()) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_are_meant() {
        let text =
            " {\"a\":[1,-2.5,1e2,true,false,null,\"x\"],\"b\":{},\"a\":99999999999999999999} ";
        let fields = vec![
            (
                "a".into(),
                Json::List(vec![
                    Json::Whole(1),
                    Json::Decimal(-2.5),
                    Json::Decimal(100.0),
                    Json::Flag(true),
                    Json::Flag(false),
                    Json::Null,
                    Json::Text("x".into()),
                ]),
            ),
            ("b".into(), Json::Object(Vec::new())),
            ("a".into(), Json::Decimal(1e20)),
        ];
        assert_eq!(parse(text), Ok(Json::Object(fields)));
        assert_eq!(parse("1e999"), Ok(Json::OutOfRange));
    }

    #[test]
    fn escapes_become_characters() {
        let read = |text: &str| parse(text).map(|json| json.text().unwrap_or("").to_owned());
        assert_eq!(read(r#""a\"\\\/\b\f\n\r\té""#), Ok("a\"\\/\u{8}\u{c}\n\r\té".to_owned()));
        assert_eq!(
            read(r#""\u00e9\ud83d\ude00\ud83dx\udc00""#),
            Ok("é😀\u{fffd}x\u{fffd}".to_owned())
        );
        let Ok(Json::Text(Cow::Borrowed(_))) = parse("\"plain\"") else { panic!("borrowed") };
    }

    #[test]
    fn what_is_no_json_is_refused_at_its_place() {
        for (text, at) in [
            ("", 0),
            ("NaN", 0),
            ("nul", 0),
            ("01", 1),
            ("-", 1),
            ("1.", 2),
            ("1e", 2),
            ("[1,]", 3),
            ("{\"a\"}", 4),
            ("{a:1}", 1),
            ("[1 2]", 3),
            ("\"\u{1}\"", 1),
            ("\"\\x\"", 2),
            ("\"\\u12\"", 5),
            ("\"open", 5),
            ("1 1", 2),
        ] {
            assert_eq!(parse(text), Err(Fault::Syntax(at)), "{text}");
        }
    }

    #[test]
    fn depth_and_number_of_values_are_bounded() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(&nested(limits::DEPTH)).is_ok());
        assert_eq!(parse(&nested(limits::DEPTH + 1)), Err(Fault::TooDeep(limits::DEPTH)));
        assert_eq!(parse(&"[".repeat(1_000_000)), Err(Fault::TooDeep(limits::DEPTH)));
        let many = format!("[{}0]", "0,".repeat(limits::VALUES));
        assert_eq!(parse(&many), Err(Fault::TooMany));
        assert_eq!(Reader::new(3).whole("[1,2]").map(|list| list.items().len()), Ok(2));
        assert_eq!(Reader::new(2).whole("[1,2]"), Err(Fault::TooMany));
    }
}
