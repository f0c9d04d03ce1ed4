//! Walks through a Rust text and knows at every line whether it is in code, in
//! a string or in a block comment, and how deep in brackets.

/// Where the walk is.
#[derive(Default)]
pub(super) struct Scan {
    state: State,
    pub(super) depth: usize,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Code,
    Text,
    /// Ended by a quote and that many hashes.
    RawText(usize),
    /// So many block comments inside one another.
    Comment(usize),
}

impl Scan {
    pub(super) fn is_code(&self) -> bool {
        self.state == State::Code
    }

    /// Walks over one line and says with which character its code ends, if it
    /// ends as code.
    pub(super) fn line(&mut self, line: &str) -> Option<char> {
        let mut rest = line;
        let mut last = None;
        while let Some(first) = rest.chars().next() {
            let length = match self.state {
                State::Code if rest.starts_with("//") => break,
                State::Code => {
                    if !first.is_whitespace() && !rest.starts_with("/*") {
                        last = Some(first);
                    }
                    self.code(rest, first)
                }
                State::Text => self.text(rest, first),
                State::RawText(hashes) => self.raw_text(rest, hashes),
                State::Comment(depth) => self.comment(rest, first, depth),
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        last.filter(|_| self.is_code())
    }

    /// How many bytes of code are passed.
    fn code(&mut self, rest: &str, first: char) -> usize {
        match first {
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
            '"' => self.state = State::Text,
            '\'' => return character(rest),
            '/' if rest.starts_with("/*") => {
                self.state = State::Comment(1);
                return 2;
            }
            _ if is_of_a_name(first) => return self.name(rest),
            _ => {}
        }
        first.len_utf8()
    }

    /// A name, or the letters before a raw string and the beginning of that.
    fn name(&mut self, rest: &str) -> usize {
        let end = rest.find(|c| !is_of_a_name(c)).unwrap_or(rest.len());
        if matches!(&rest[..end], "r" | "br" | "cr") {
            let hashes = rest[end..].bytes().take_while(|byte| *byte == b'#').count();
            if rest[end + hashes..].starts_with('"') {
                self.state = State::RawText(hashes);
                return end + hashes + 1;
            }
        }
        end
    }

    fn text(&mut self, rest: &str, first: char) -> usize {
        match first {
            '\\' => return 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '"' => self.state = State::Code,
            _ => {}
        }
        first.len_utf8()
    }

    fn raw_text(&mut self, rest: &str, hashes: usize) -> usize {
        let Some(quote) = rest.find('"') else { return rest.len() };
        let end = &rest[quote + 1..];
        if end.bytes().take_while(|byte| *byte == b'#').count() < hashes {
            return quote + 1;
        }
        self.state = State::Code;
        quote + 1 + hashes
    }

    fn comment(&mut self, rest: &str, first: char, depth: usize) -> usize {
        if rest.starts_with("*/") {
            self.state = if depth == 1 { State::Code } else { State::Comment(depth - 1) };
            return 2;
        }
        if rest.starts_with("/*") {
            self.state = State::Comment(depth + 1);
            return 2;
        }
        first.len_utf8()
    }
}

/// The length of a character in quotes, or of the stroke that begins a
/// lifetime.
fn character(rest: &str) -> usize {
    let mut inside = rest[1..].char_indices();
    match inside.next() {
        Some((_, '\\')) => {
            // What is escaped is no end, whatever it is.
            let escaped = inside.next().map_or(1, |(at, c)| at + c.len_utf8());
            1 + rest[1 + escaped..].find('\'').map_or(escaped, |end| escaped + end + 1)
        }
        Some((_, _)) => match inside.next() {
            Some((at, '\'')) => at + 2,
            _ => 1,
        },
        None => 1,
    }
}

fn is_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The state after a text of one line or more: the depth, or what it is
    /// inside of.
    fn after(text: &str) -> String {
        let mut scan = Scan::default();
        for line in text.lines() {
            scan.line(line);
        }
        match scan.state {
            State::Code => scan.depth.to_string(),
            State::Text => "text".to_owned(),
            State::RawText(hashes) => format!("raw {hashes}"),
            State::Comment(depth) => format!("comment {depth}"),
        }
    }

    #[test]
    fn brackets_count_in_code_alone() {
        for (text, expected) in [
            ("fn a(b: [u8; 2]) {", "1"),
            ("let a = \"{\"; // {", "0"),
            ("let a = '{'; b('\\'', '\"', '(');", "0"),
            ("let a = b'\\x7b'; let c = '\\u{1F600}';", "0"),
            ("fn a<'a>(b: &'a str) -> &'static str {", "1"),
            ("let a = \"\\\\\"; {", "1"),
            ("let a = \"\\\"{\";", "0"),
            ("let a = r\"\\\"; {", "1"),
            ("let a = br##\"\"# {\"##; {", "1"),
            ("let r#type = r#fn(); {", "1"),
            ("let number = \"x\"; let bar\"", "text"),
            ("/* { /* ( */ */ {", "1"),
            ("a(\"é{\", 'é', {", "2"),
        ] {
            assert_eq!(after(text), expected, "{text}");
        }
    }

    #[test]
    fn what_goes_on_in_the_next_line() {
        assert_eq!(after("let a = \"one \\\n// two {"), "text");
        assert_eq!(after("let a = \"one\n// two\"; {"), "1");
        assert_eq!(after("let a = r#\"one\n\" // two {"), "raw 1");
        assert_eq!(after("/* one\n/* two */"), "comment 1");
    }
}
