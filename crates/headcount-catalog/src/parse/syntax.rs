//! Syntax errors: one for each mistake, not one for each consequence.
//!
//! A parser that goes on after an error sees errors in what follows: an array
//! that is not closed makes one of every later line. So the first one alone is
//! believed; then its statement is blanked out and the text is read again.

use toml::de::DeTable;

use super::notes::Notes;

/// Statements with an error that are reported. An author mends a few and checks
/// again, and each costs a reading of the file.
const MOST: usize = 20;

/// Notes the syntax errors of a text that has some.
pub(super) fn note(text: &str, notes: &mut Notes<'_>) {
    let mut left = text.to_owned();
    for _ in 0..MOST {
        let (_, errors) = DeTable::parse_recoverable(&left);
        let first = errors
            .iter()
            .map(|error| (error.span().map_or(left.len(), |span| span.start), error.message()))
            .min_by_key(|(at, _)| *at);
        let Some((at, message)) = first else { return };
        let statement = statement(&left, at);
        notes.broken(at, sentence(&left, at, message));
        left = blanked(&left, statement);
    }
}

/// What the parser says, with the key where it does not name it.
fn sentence(text: &str, at: usize, message: &str) -> String {
    let line = text[at..].lines().next().unwrap_or_default();
    let end = line.find(['=', ']']).unwrap_or(line.len());
    let key = line[..end].trim_matches(|letter: char| letter.is_whitespace() || letter == '[');
    if message == "duplicate key" && !key.is_empty() {
        return format!("`{key}` is written twice: remove one of them.");
    }
    let plain = PLAIN.iter().find(|(part, _)| message.contains(part));
    plain.map_or_else(|| format!("{message}."), |(_, sentence)| (*sentence).to_owned())
}

/// A word without quotes is taken for the beginning of one of these.
const NOT_A_VALUE: &str =
    "This is not a value: write a text in quotes; numbers, `true` and `false` have none.";

/// What the parser says, by a part of it, and what an author can do.
const PLAIN: [(&str, &str); 11] = [
    (
        "between array elements",
        "An array is not closed, or a comma is missing: write `]` after its last value, and `,` between two.",
    ),
    ("unclosed array", "An array is not closed: write `]` after its last value."),
    (
        "unclosed inline table",
        "A table is not closed: write `}` after its last value, on the same line.",
    ),
    ("invalid basic string", "A string is not closed: write `\"` at its end, on the same line."),
    ("invalid literal string", "A string is not closed: write `'` at its end, on the same line."),
    ("string values must be quoted", "A text has no quotes: write `\"…\"` around it."),
    ("invalid boolean", NOT_A_VALUE),
    ("invalid float", NOT_A_VALUE),
    (
        "invalid unquoted key",
        "A key is made of letters, digits, `_` and `-`, with `=` after it: write any other key in quotes.",
    ),
    ("extra `=`", "There is a second `=`: a key has one value."),
    ("unclosed table", "A header is not closed: write `]` at its end."),
];

/// The lines of the statement with an error at this byte: from the line that
/// begins it to the next line that begins another.
fn statement(text: &str, at: usize) -> (usize, usize) {
    let mut from = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    // A key or a header was expected on this line, so the statement before it
    // is not over: that one has the mistake.
    while from > 0 && !begins(line_at(text, from)) {
        from = text[..from - 1].rfind('\n').map_or(0, |newline| newline + 1);
    }
    let mut to = from;
    loop {
        to += line_at(text, to).len();
        if to >= text.len() || (to > at && begins(line_at(text, to))) {
            return (from, to.max(at.min(text.len())));
        }
    }
}

/// The line that begins at a byte, with its end.
fn line_at(text: &str, at: usize) -> &str {
    text[at..].split_inclusive('\n').next().unwrap_or_default()
}

/// Whether a line begins a statement: a header, or a key at its very beginning
/// with a value. Within an array, lines are indented or are values alone.
fn begins(line: &str) -> bool {
    let is_header = line.starts_with('[') && !line.trim_end().ends_with(',');
    let starts =
        line.starts_with(|letter: char| letter.is_alphanumeric() || "_-\"'".contains(letter));
    is_header || (starts && line.contains('='))
}

/// The text with spaces in the place of these lines, so that all places stay.
fn blanked(text: &str, (from, to): (usize, usize)) -> String {
    let blank = text[from..to].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' });
    format!("{}{}{}", &text[..from], blank.collect::<String>(), &text[to..])
}
