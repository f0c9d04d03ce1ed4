//! Cuts and pastes text: lines, their ends, their indentation.

use std::ops::Range;

/// The text with `range` replaced.
pub(super) fn replaced(text: &str, range: Range<usize>, with: &str) -> String {
    [&text[..range.start], with, &text[range.end..]].concat()
}

/// The line ending to use at `at`: that of the line above, else that of the
/// first line.
pub(super) fn newline(text: &str, at: usize) -> &'static str {
    let end = text[..at].rfind('\n').or_else(|| text.find('\n'));
    match end {
        Some(end) if text[..end].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Where the line of `at` starts.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    let is_break = |place: usize, letter| match letter {
        '\n' => true,
        // The `\r` of a `\r
        // ` does not start a line.
        '\r' => !text[place + 1..].starts_with('\n'),
        _ => false,
    };
    let mut before = text[..at].char_indices().rev();
    before.find(|(place, letter)| is_break(*place, *letter)).map_or(0, |(place, _)| place + 1)
}

/// Where the line of `at` ends, its newline not included.
#[cfg(any(feature = "toml", feature = "yaml"))]
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find(['\n', '\r']).map_or(text.len(), |end| at + end)
}

/// The number of the line of `at`, from 1.
pub(super) fn line_number(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// The spaces and tabs before the first word of the line of `at`.
pub(super) fn indentation(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The run of white space that ends at `at`.
pub(super) fn space_before(text: &str, at: usize) -> &str {
    let before = &text[..at];
    &before[before.trim_end_matches([' ', '\t', '\n', '\r']).len()..]
}

/// Removes an entry that has its own lines. A comment after it stays, on its
/// own line. A text without a last newline still has none.
#[cfg(any(feature = "toml", feature = "yaml"))]
pub(super) fn without_lines(text: &str, entry: Range<usize>) -> String {
    let start = line_start(text, entry.start);
    let end = line_end(text, entry.end);
    let behind = &text[entry.end..end];
    let comment = behind.trim_start_matches([' ', '\t']);
    if !comment.is_empty() {
        let indented = start + indentation(text, start).len();
        return replaced(text, indented..end - comment.len(), "");
    }
    let rest = &text[end..];
    if rest.is_empty() {
        return text[..start]
            .strip_suffix('\n')
            .map_or(&text[..start], |kept| kept.strip_suffix('\r').unwrap_or(kept))
            .to_owned();
    }
    let newline = ["\r\n", "\n", "\r"].into_iter().find(|newline| rest.starts_with(newline));
    replaced(text, start..end + newline.map_or(0, str::len), "")
}

/// Adds lines at the end. A text without a last newline still has none.
#[cfg(any(feature = "toml", feature = "yaml"))]
pub(super) fn at_end(text: &str, lines: &str) -> String {
    let newline = newline(text, text.len());
    if text.is_empty() || text.ends_with('\n') {
        format!("{text}{lines}{newline}")
    } else {
        format!("{text}{newline}{lines}")
    }
}

/// Text between double quotes, as TOML and YAML both read it. `is_escaped`
/// says which other characters are written by their number.
#[cfg(any(feature = "toml", feature = "yaml"))]
pub(super) fn double_quoted(text: &str, is_escaped: fn(char) -> bool) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            escaped if is_escaped(escaped) => {
                quoted.push_str(&format!("\\u{:04X}", u32::from(escaped)));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
