//! Messages as lines of standard input.

use std::io::{self, BufRead, Read as _};

use serde_json::Value as Json;

use super::limits;

/// A line, as far as it is a message.
#[derive(Debug, PartialEq)]
pub(super) enum Line {
    Message(Json),
    /// It is longer than any message.
    TooLong,
    /// It is not JSON.
    NotJson,
    /// There is nothing on it.
    Empty,
}

/// Reads a line; `None` at the end of the input. What is too long is skipped to
/// its end, and never in memory as a whole.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    let bytes = input.by_ref().take(limits::LINE_BYTES).read_until(b'\n', &mut line)?;
    if bytes == 0 {
        return Ok(None);
    }
    let is_whole = line.last() == Some(&b'\n');
    if !is_whole && line.len() as u64 >= limits::LINE_BYTES {
        skip(input)?;
        return Ok(Some(Line::TooLong));
    }
    let text = line.trim_ascii();
    if text.is_empty() {
        return Ok(Some(Line::Empty));
    }
    Ok(Some(serde_json::from_slice(text).map_or(Line::NotJson, Line::Message)))
}

fn skip(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let (used, is_end) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        input.consume(used);
        if is_end {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_skipped_and_the_next_one_is_read() {
        let long = "x".repeat(3 * 1024 * 1024);
        let text = format!("{{\"a\":1}}\n\n{long}\nnonsense\n\u{0}\n{{}}");
        let mut input = BufReader::new(text.as_bytes());
        let mut seen = Vec::new();
        while let Some(line) = read(&mut input).unwrap() {
            seen.push(line);
        }
        assert_eq!(
            seen,
            [
                Line::Message(serde_json::json!({"a": 1})),
                Line::Empty,
                Line::TooLong,
                Line::NotJson,
                Line::NotJson,
                Line::Message(serde_json::json!({})),
            ]
        );
        let deep = "[".repeat(100_000);
        assert_eq!(read(&mut deep.as_bytes()).unwrap(), Some(Line::NotJson));
    }
}
