//! The mistakes of a file: collected while it is read, so that one never hides
//! another, and told in the order of their places.

use std::fmt;

use super::near::nearest;

/// One mistake in a `telemetry.toml`, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
    /// What is wrong, and what to do, in a sentence.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// Every mistake of a file, in the order of their places; at least one.
///
/// Its `Display` has a line for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    /// The mistakes, first place first.
    #[must_use]
    pub fn all(&self) -> &[Mistake] {
        &self.0
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, mistake) in self.0.iter().enumerate() {
            if place > 0 {
                out.write_str("\n")?;
            }
            mistake.fmt(out)?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}

impl IntoIterator for Mistakes {
    type Item = Mistake;
    type IntoIter = std::vec::IntoIter<Mistake>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The mistakes found so far, by byte offset.
pub(super) struct Notes<'t> {
    text: &'t str,
    found: Vec<(usize, String)>,
    /// Where the text is not TOML. What seems to be missing from such a file may
    /// only be unreadable.
    broken: Vec<usize>,
}

impl<'t> Notes<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, found: Vec::new(), broken: Vec::new() }
    }

    /// Something that stands in the file is wrong. Where it is not even TOML,
    /// that alone is told.
    pub(super) fn wrong(&mut self, at: usize, message: impl Into<String>) {
        if !self.broken.contains(&at) {
            self.add(at, message.into());
        }
    }

    fn add(&mut self, at: usize, mut message: String) {
        if let Some(first) = message.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        self.found.push((at, message));
    }

    /// Something that should stand in the file does not.
    pub(super) fn missing(&mut self, at: usize, message: impl Into<String>) {
        if self.broken.is_empty() {
            self.wrong(at, message);
        }
    }

    /// The text is not TOML here.
    pub(super) fn broken(&mut self, at: usize, message: impl Into<String>) {
        self.add(at, message.into());
        self.broken.push(at);
    }

    /// `written` is none of the words that may stand here.
    pub(super) fn unknown<'w>(
        &mut self,
        at: usize,
        what: &str,
        written: &str,
        words: impl IntoIterator<Item = &'w str>,
    ) {
        let words: Vec<&str> = words.into_iter().collect();
        let hint = match nearest(written, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it can be {}.", or(&words)),
        };
        self.wrong(at, format!("{what} cannot be `{}`; {hint}", shown(written)));
    }

    pub(super) fn is_clean(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn into_mistakes(mut self) -> Mistakes {
        if self.found.is_empty() {
            self.wrong(0, "This text could not be read as a catalog.");
        }
        // Stable: what is told of one place is told in the order of the grammar.
        self.found.sort_by_key(|(at, _)| *at);
        let mut all: Vec<Mistake> = Vec::with_capacity(self.found.len());
        for (at, message) in self.found {
            let (line, column) = place(self.text, at);
            let mistake = Mistake { line, column, message };
            if !all.contains(&mistake) {
                all.push(mistake);
            }
        }
        Mistakes(all)
    }
}

/// Some editors write it before everything else and show nothing.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Line and column of a byte offset, both from 1, the column in characters.
fn place(text: &str, at: usize) -> (usize, usize) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column =
        before[start..].chars().filter(|character| *character != BYTE_ORDER_MARK).count() + 1;
    (line, column)
}

/// `a`, `b` or `c`, each in backticks.
pub(super) fn or(words: &[&str]) -> String {
    let mut list = String::new();
    for (place, word) in words.iter().enumerate() {
        let join = match place {
            0 => "",
            _ if place + 1 == words.len() => " or ",
            _ => ", ",
        };
        list.push_str(join);
        list.push('`');
        list.push_str(word);
        list.push('`');
    }
    list
}

/// Text of the file as a message shows it: one line, and not all of a long one.
pub(super) fn shown(written: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = written.chars().take(MOST).flat_map(char::escape_debug).collect();
    if written.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_characters() {
        let text = "é = 1\nnaïve = x\n";
        assert_eq!(place(text, 0), (1, 1));
        assert_eq!(place(text, 2), (1, 2));
        let x = text.find('x').expect("there is an x");
        assert_eq!(place(text, x), (2, 9));
        assert_eq!(place("\u{feff}x = 1", 3), (1, 1));
        assert_eq!(place(text, 1), (1, 1), "inside a character is at its start");
        assert_eq!(place(text, text.len() + 9), (3, 1));
    }

    #[test]
    fn what_seems_missing_is_not_told_of_broken_text() {
        let mut notes = Notes::new("x");
        notes.broken(0, "No equals sign.");
        notes.missing(0, "There is no `name`.");
        assert_eq!(notes.into_mistakes().to_string(), "1:1: No equals sign.");
    }

    #[test]
    fn mistakes_are_told_in_the_order_of_their_places_and_once() {
        let mut notes = Notes::new("a\nb\n");
        notes.wrong(2, "Second.");
        notes.wrong(0, "First.");
        notes.wrong(2, "Second.");
        assert_eq!(notes.into_mistakes().to_string(), "1:1: First.\n2:1: Second.");
    }
}
