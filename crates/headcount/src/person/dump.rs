//! `dump`: the records on this machine, as they are.

use std::fmt::Write as _;

use super::words::{Dump, Layout};
use super::{Reader, Reply};
use crate::consent::ConsentState;
use crate::{Session, ship};

/// Prints the queue's lines, those that a shipper has claimed included, and a
/// report that goes with the next of them; in the local state those recorded
/// for oneself.
pub(super) fn dump(session: &Session, dump: Dump, reader: Reader) -> Reply {
    let lines = match lines(session) {
        Ok(lines) => lines,
        Err(error) => return Reply::failed(&format!("The records cannot be read: {error}.")),
    };
    let skipped = lines.len().saturating_sub(dump.last.unwrap_or(usize::MAX));
    let lines = &lines[skipped..];
    Reply::said(match reader {
        Reader::Program => array(lines),
        Reader::Person => {
            let mut text = String::new();
            for line in lines {
                let line = match dump.layout {
                    Layout::Line => line.clone(),
                    Layout::Pretty => pretty(line),
                };
                // Writing into a `String` cannot fail.
                let _ = writeln!(text, "{line}");
            }
            text
        }
    })
}

fn lines(session: &Session) -> Result<Vec<String>, headcount_queue::QueueError> {
    let Some(queue) = session.queue() else { return Ok(Vec::new()) };
    let lines = queue.lines()?.map(|line| line.map(|line| line.text));
    let mut lines: Vec<String> = lines.collect::<Result<_, _>>()?;
    if session.decision().state != ConsentState::Local {
        let report = ship::waiting_report(session).filter(|line| !lines.contains(line));
        lines.extend(report);
    }
    Ok(lines)
}

/// One line of JSON. A line on disk that is none becomes a text in it.
fn array(lines: &[String]) -> String {
    let items: Vec<String> = lines
        .iter()
        .map(|line| {
            if is_json(line) {
                line.clone()
            } else {
                serde_json::Value::from(line.as_str()).to_string()
            }
        })
        .collect();
    format!("[{}]\n", items.join(","))
}

fn is_json(line: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(line).is_ok()
}

/// The same JSON, indented: every byte of a name or value as it was, in the
/// order in which it stood. What is no JSON stays as it is.
pub(super) fn pretty(line: &str) -> String {
    if !is_json(line) {
        return line.to_owned();
    }
    let mut page = Page { text: String::with_capacity(line.len() * 2), depth: 0 };
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                page.text.push('"');
                while let Some(letter) = letters.next() {
                    page.text.push(letter);
                    match letter {
                        '"' => break,
                        '\\' => page.text.extend(letters.next()),
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                while letters.next_if(char::is_ascii_whitespace).is_some() {}
                match letters.next_if(|next| matches!(next, '}' | ']')) {
                    Some(close) => page.text.extend([letter, close]),
                    None => page.open(letter),
                }
            }
            '}' | ']' => page.close(letter),
            ',' => {
                page.text.push(',');
                page.line();
            }
            ':' => page.text.push_str(": "),
            letter if letter.is_ascii_whitespace() => {}
            letter => page.text.push(letter),
        }
    }
    page.text
}

struct Page {
    text: String,
    depth: usize,
}

impl Page {
    fn open(&mut self, letter: char) {
        self.text.push(letter);
        self.depth += 1;
        self.line();
    }

    fn close(&mut self, letter: char) {
        self.depth = self.depth.saturating_sub(1);
        self.line();
        self.text.push(letter);
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("  ", self.depth));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pretty_json_keeps_its_order_and_its_bytes() {
        let line = r#"{"z":1,"a":[],"m":{"q":"say \"no\": [x], {y}","é":"\u00e9 "},"l":["b","a"],"n":null}"#;
        let shown = pretty(line);
        assert_eq!(
            shown,
            r#"{
  "z": 1,
  "a": [],
  "m": {
    "q": "say \"no\": [x], {y}",
    "é": "\u00e9 "
  },
  "l": [
    "b",
    "a"
  ],
  "n": null
}"#
        );
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        assert_eq!(read(&shown), read(line));
        assert_eq!(pretty(&shown), shown);
        assert_eq!(pretty("{torn"), "{torn");
    }

    #[test]
    fn an_array_is_one_line_whatever_lies_on_disk() {
        let lines = ["{\"a\":1}".to_owned(), "{torn".to_owned()];
        assert_eq!(array(&lines), "[{\"a\":1},\"{torn\"]\n");
    }
}
