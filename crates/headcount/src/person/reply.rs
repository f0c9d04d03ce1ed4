//! The answer of a command, and how it is printed.

use std::io::{self, Write as _};

use serde_json::Value as Json;

use super::screen::{CYAN, PLAIN, Stream, columns_of, given_columns};
use super::wrapped::{plain, whole_commands, wrapped};
use crate::standing::Standing;
use crate::visible::{is_hidden, visible};

/// The answer of a command, ready to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Text for standard output, with its newline; may be empty.
    pub out: String,
    /// Text for standard error, with its newline; may be empty.
    pub err: String,
    /// The exit code.
    pub code: u8,
    page: Page,
}

/// How a reply is laid out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Page {
    /// The text for standard output as it is before it is wrapped; `None` if
    /// it is not for people and is printed as it is.
    out: Option<String>,
    /// The same for standard error.
    err: Option<String>,
    /// How the person types these commands.
    call: String,
    /// The width that the environment gives.
    columns: Option<usize>,
}

impl Reply {
    /// Prints the reply and returns the exit code. Text for people is wrapped
    /// to the width of the terminal. A closed pipe, such as a pager that was
    /// quit, is not an error.
    pub fn print(&self) -> u8 {
        let _ = io::stdout().write_all(self.laid_out(Stream::Out).as_bytes());
        let _ = io::stderr().write_all(self.laid_out(Stream::Err).as_bytes());
        self.code
    }

    /// The text for a stream as it is printed there.
    fn laid_out(&self, stream: Stream) -> String {
        let (text, marked) = match stream {
            Stream::Out => (&self.out, &self.page.out),
            Stream::Err => (&self.err, &self.page.err),
        };
        match marked {
            // Not after a host has changed the text.
            Some(marked) if plain(marked) == *text => {
                let marked = whole_commands(marked, &self.page.call);
                harmless(&match columns_of(stream, self.page.columns) {
                    Some(columns) => wrapped(&marked, columns),
                    None => text.clone(),
                })
            }
            _ if stream.is_terminal() => harmless(text),
            _ => text.clone(),
        }
    }

    /// Text for people.
    pub(super) fn said(text: impl Into<String>) -> Self {
        let text = text.into();
        let page = Page { out: Some(text.clone()), ..Page::default() };
        Self { out: plain(&text), err: String::new(), code: 0, page }
    }

    /// Text that is printed as it is.
    pub(super) fn verbatim(out: String) -> Self {
        Self { out, err: String::new(), code: 0, page: Page::default() }
    }

    pub(super) fn json(json: &Json) -> Self {
        Self::verbatim(format!("{}\n", escaped(&json.to_string())))
    }

    /// One line, even if the words of a parser in it have several.
    pub(super) fn failed(sentence: &str) -> Self {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        Self::silent(1).with_err(&words.join(" "))
    }

    pub(super) fn misused(sentence: &str) -> Self {
        Self::silent(2).with_err(sentence)
    }

    fn silent(code: u8) -> Self {
        Self { code, ..Self::verbatim(String::new()) }
    }

    /// The same with sentences for people on standard error, a line each.
    pub(super) fn with_err(mut self, sentences: &str) -> Self {
        let lines = plain(sentences);
        self.err = lines.lines().map(|line| format!("{}\n", visible(line))).collect();
        self.page.err = Some(self.err.clone());
        self
    }

    /// The same as the person of this standing reads it.
    pub(super) fn for_person(mut self, standing: &Standing) -> Self {
        self.page.call = call(standing);
        self.page.columns = given_columns(standing.surroundings());
        self
    }
}

/// JSON that no terminal takes for a command: what JSON itself leaves as it is
/// becomes an escape of JSON.
pub(super) fn escaped(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter == '\u{7f}' || is_hidden(letter) {
            // All of them are in the first plane.
            shown.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Text for a terminal: its lines, our own colour, and no other control.
fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let ours = ["\n", CYAN, PLAIN].into_iter().find(|sequence| rest.starts_with(sequence));
        match ours {
            Some(sequence) => {
                shown.push_str(sequence);
                rest = &rest[sequence.len()..];
            }
            None => {
                let (first, tail) = rest.split_at(letter.len_utf8());
                shown.push_str(&visible(first));
                rest = tail;
            }
        }
    }
    shown
}

/// How the person types these commands: `atomic telemetry`.
pub(super) fn call(standing: &Standing) -> String {
    match &standing.surroundings().call {
        Some(call) => call.clone(),
        None => format!("{} telemetry", standing.catalog().product.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_lines_and_our_colour_reaches_a_terminal() {
        let text = format!("a\n{CYAN}##{PLAIN}\u{1b}[2J\u{9b}m\r\n");
        assert_eq!(harmless(&text), format!("a\n{CYAN}##{PLAIN}\\x1b[2J\\u{{9b}}m\\r\n"));
    }

    #[test]
    fn json_stays_json() {
        let json = serde_json::json!({"a": "\u{9b}\u{7f}\u{202e}\u{1b}é"});
        let shown = escaped(&json.to_string());
        assert!(shown.contains("\\u009b\\u007f\\u202e\\u001bé"), "{shown}");
        assert_eq!(serde_json::from_str::<Json>(&shown).expect("JSON"), json);
    }

    #[test]
    fn a_host_may_change_what_is_printed() {
        let reply = Reply { out: "other\n".to_owned(), ..Reply::said("one\n") };
        assert_eq!(reply.laid_out(Stream::Out), "other\n");
    }
}
