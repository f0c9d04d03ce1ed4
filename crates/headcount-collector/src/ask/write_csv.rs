//! A table as CSV: RFC 4180, with a header row.

use std::borrow::Cow;

use super::columns::AnswerColumn;
use super::table::{AnswerCell, AnswerTable, month};
use super::write_json::cells_of;

/// The column that says of which days a row is, if those before are asked
/// about, too.
const SPAN: &str = "span";

/// The rows of a table, and of that of the days before.
pub(super) fn text(asked: &AnswerTable, before: Option<&AnswerTable>) -> String {
    let columns = asked.columns.iter().filter(|column| asked.has(column)).map(header);
    let span = before.map(|_| Cow::Borrowed(SPAN));
    let mut text = line(span.into_iter().chain(columns.map(Cow::Owned)));
    let spans = [("asked", Some(asked)), ("before", before)];
    for (span, table) in spans.into_iter().filter_map(|(span, table)| Some((span, table?))) {
        for row in &table.rows {
            let span = before.map(|_| Cow::Borrowed(span));
            text.push_str(&line(span.into_iter().chain(cells_of(table, row).map(value))));
        }
    }
    text
}

/// `cohorts_from`
fn header(column: &AnswerColumn) -> String {
    match column.group {
        Some(group) => format!("{group}_{}", column.name),
        None => column.name.to_owned(),
    }
}

fn line<'a>(fields: impl Iterator<Item = Cow<'a, str>>) -> String {
    let fields: Vec<String> = fields.map(|field| quoted(&field).into_owned()).collect();
    format!("{}\r\n", fields.join(","))
}

fn value(cell: &AnswerCell) -> Cow<'_, str> {
    match cell {
        AnswerCell::Absent | AnswerCell::Null => Cow::Borrowed(""),
        AnswerCell::Text(text) => guarded(text),
        AnswerCell::Word(word) => Cow::Borrowed(word),
        AnswerCell::Count(count) => Cow::Owned(count.to_string()),
        AnswerCell::Number(number) => Cow::Owned(number.to_string()),
        AnswerCell::Share(share) => Cow::Owned(format!("{share:.4}")),
        AnswerCell::Day(day) => Cow::Owned(day.to_string()),
        AnswerCell::Month(start) => Cow::Owned(month(*start)),
        AnswerCell::Flag => Cow::Borrowed("true"),
    }
}

/// A text that a spreadsheet would take for a formula gets an apostrophe before
/// it: senders choose versions and tokens. A negative number is none.
fn guarded(text: &str) -> Cow<'_, str> {
    let is_formula = match text.as_bytes().first() {
        Some(b'=' | b'+' | b'@' | b'\t' | b'\r' | b'\n') => true,
        Some(b'-') => !is_number(&text[1..]),
        _ => false,
    };
    if is_formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn is_number(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(is_digit))
}

fn quoted(field: &str) -> Cow<'_, str> {
    if field.contains([',', '"', '\r', '\n']) {
        Cow::Owned(format!("\"{}\"", field.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_and_numbers_are_not() {
        for (text, written) in [
            ("1.4.0", "1.4.0"),
            ("-1", "-1"),
            ("-0.5", "-0.5"),
            ("", ""),
            ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("--help", "'--help"),
            ("-", "'-"),
            ("-inf", "'-inf"),
            ("-1e5", "'-1e5"),
            ("\tx", "'\tx"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("=\"x\"", "\"'=\"\"x\"\"\""),
        ] {
            assert_eq!(quoted(&guarded(text)), written, "{text}");
        }
    }

    #[test]
    fn a_line_ends_with_both_characters() {
        assert_eq!(line(["a", "", "b c"].map(Cow::Borrowed).into_iter()), "a,,b c\r\n");
    }
}
