//! Writes JSON in the order of the product's keys.

use std::fmt::Write as _;

use headcount_catalog::{EventId, Time, Value};

use super::is_special;

/// What can be written as a value.
#[derive(Clone, Copy)]
pub(crate) enum Written<'a> {
    Text(&'a str),
    Id(EventId),
    Whole(i64),
    Flag(bool),
    Null,
    Value(&'a Value),
    /// Text that is JSON already.
    Raw(&'a str),
    /// A time, with the grain of the catalog.
    Time(Time, headcount_catalog::Grain),
}

/// A JSON object that is being written, which may contain one level of objects.
pub(crate) struct Object<'a> {
    out: String,
    holder: &'a str,
}

impl<'a> Object<'a> {
    pub(crate) fn new() -> Self {
        Self::after(String::with_capacity(512))
    }

    /// Starts an object after what is already written.
    pub(crate) fn after(mut out: String) -> Self {
        out.push('{');
        Self { out, holder: "" }
    }

    /// Adds a field to this object.
    pub(crate) fn put(&mut self, name: &str, value: &Written<'_>) {
        self.put_in("", name, value);
    }

    /// Adds a field to the object `holder`, or to this one if `holder` is
    /// empty. Consecutive fields with the same holder share it.
    pub(crate) fn put_in(&mut self, holder: &'a str, name: &str, value: &Written<'_>) {
        // Most fields have no holder: two empty names need no comparison.
        let same =
            holder.len() == self.holder.len() && (holder.is_empty() || holder == self.holder);
        if !same {
            self.close();
            self.holder = holder;
            if !holder.is_empty() {
                self.comma();
                text(&mut self.out, holder);
                self.out.push_str(":{");
            }
        }
        self.comma();
        text(&mut self.out, name);
        self.out.push(':');
        written(&mut self.out, value);
    }

    fn comma(&mut self) {
        if !self.out.ends_with('{') {
            self.out.push(',');
        }
    }

    fn close(&mut self) {
        if !self.holder.is_empty() {
            self.out.push('}');
        }
    }

    pub(crate) fn finish(mut self) -> String {
        self.close();
        self.out.push('}');
        self.out
    }
}

fn written(out: &mut String, value: &Written<'_>) {
    match value {
        Written::Text(word) => text(out, word),
        Written::Id(id) => hyphenated(out, *id),
        Written::Whole(number) => whole(out, *number),
        Written::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Written::Null => out.push_str("null"),
        Written::Value(value) => admitted(out, value),
        Written::Raw(json) => out.push_str(json),
        Written::Time(time, grain) => text(out, &time.format(*grain)),
    }
}

fn admitted(out: &mut String, value: &Value) {
    match value {
        Value::Flag(flag) => written(out, &Written::Flag(*flag)),
        Value::Number(number) => whole(out, *number),
        // Writing into a `String` cannot fail.
        Value::Decimal(decimal) => drop(write!(out, "{}", decimal.get())),
        Value::Time(time, grain) => text(out, &time.format(*grain)),
        Value::Token(token) => text(out, token.as_str()),
        Value::Word(word) => text(out, word.as_str()),
        Value::Words(words) => list(out, words, |out, word| text(out, word.as_str())),
        Value::Tokens(tokens) => list(out, tokens, |out, token| text(out, token.as_str())),
    }
}

/// Writes an integer. A line has a dozen of them, and `write!` would take more
/// time than the rest of the line.
fn whole(out: &mut String, number: i64) {
    out.push_str(itoa::Buffer::new().format(number));
}

/// Writes an id as its `Display` does, but faster.
fn hyphenated(out: &mut String, id: EventId) {
    let mut written = *b"\"00000000-0000-0000-0000-000000000000\"";
    let mut bits = id.bits();
    for digit in written.iter_mut().rev().filter(|digit| **digit == b'0') {
        *digit = b"0123456789abcdef"[(bits & 0xf) as usize];
        bits >>= 4;
    }
    // Digits and hyphens are ASCII, so this never fails.
    out.push_str(std::str::from_utf8(&written).unwrap_or("null"));
}

/// Writes an array. `write` writes each item.
pub(crate) fn list<T>(
    out: &mut String,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut String, T),
) {
    out.push('[');
    for (place, item) in items.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

/// Writes a string.
pub(crate) fn text(out: &mut String, word: &str) {
    out.reserve(word.len() + 2);
    out.push('"');
    let mut rest = word;
    while let Some(at) = rest.bytes().position(is_special) {
        out.push_str(&rest[..at]);
        // Writing into a `String` cannot fail.
        let _ = match rest.as_bytes()[at] {
            b'"' => out.write_str("\\\""),
            b'\\' => out.write_str("\\\\"),
            b'\n' => out.write_str("\\n"),
            byte => write!(out, "\\u{byte:04x}"),
        };
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Json, parse};

    #[test]
    fn what_is_written_is_read() {
        for word in ["", "plain", "\"\\/\u{8}\n\r\t\u{1f}\u{7f}", "é😀", "\u{2028}"] {
            let mut out = String::new();
            text(&mut out, word);
            assert_eq!(parse(&out), Ok(Json::Text(word.into())), "{out}");
        }
    }

    #[test]
    fn numbers_and_ids_are_those_of_their_display() {
        for number in [0, 7, -7, 10, 1_234_567_890, i64::MAX, i64::MIN] {
            let mut out = String::new();
            whole(&mut out, number);
            assert_eq!(out, number.to_string());
        }
        for bits in [0, 1, u128::MAX, 0x01a1_f640_bc00_7000_8000_0000_0000_0009] {
            let mut out = String::new();
            hyphenated(&mut out, EventId::from_bits(bits));
            assert_eq!(out, format!("\"{}\"", EventId::from_bits(bits)));
        }
    }

    #[test]
    fn consecutive_fields_share_their_object() {
        let mut object = Object::after("[".to_owned());
        for (holder, name) in [("", "a"), ("b", "c"), ("b", "d"), ("e", "f"), ("", "g")] {
            object.put_in(holder, name, &Written::Whole(1));
        }
        assert_eq!(object.finish(), "[{\"a\":1,\"b\":{\"c\":1,\"d\":1},\"e\":{\"f\":1},\"g\":1}");
        assert_eq!(Object::new().finish(), "{}");
    }
}
