//! The mistakes of a file. They are collected while it is read, so that one
//! does not hide another, and reported in the order of their places.

use std::fmt;

use super::mistake_code::MistakeCode;
use super::nearest::nearest;
use super::position::position;
use super::token;

/// A mistake in a `telemetry.toml`, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// Where it begins in the text, and where what is marked ends: bytes.
    pub span: (usize, usize),
    /// What kind of mistake it is.
    pub code: MistakeCode,
    /// The word that was probably meant, where one is near: it can take the
    /// place of what the span marks, without its quotes.
    pub meant: Option<String>,
    /// A sentence that says what is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for Mistake {}

/// All mistakes of a file, in the order of their places. There is at least one.
///
/// `Display` writes one line for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes {
    all: Vec<Mistake>,
    is_toml: bool,
}

impl Mistakes {
    /// The mistakes, in the order of their places.
    #[must_use]
    pub fn all(&self) -> &[Mistake] {
        &self.all
    }

    /// Whether the text is not even valid TOML. Keys that seem to be missing
    /// are not reported then.
    #[must_use]
    pub fn is_syntax(&self) -> bool {
        !self.is_toml
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, mistake) in self.all.iter().enumerate() {
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
        self.all.into_iter()
    }
}

/// A mistake that was found, with its byte offset.
struct Found {
    at: usize,
    code: MistakeCode,
    meant: Option<String>,
    /// For a key that is missing or unknown, the table's place and the key that
    /// is missing, or that was probably meant.
    key: Option<(usize, String)>,
    message: String,
}

/// The mistakes found so far.
pub(super) struct Notes<'t> {
    text: &'t str,
    found: Vec<Found>,
    /// Where the text is not TOML. What seems to be missing from such a file
    /// may only be unreadable.
    broken: Vec<usize>,
    /// The keys that were looked for, by the place of their table.
    asked: Vec<(usize, Vec<&'static str>)>,
}

impl<'t> Notes<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, found: Vec::new(), broken: Vec::new(), asked: Vec::new() }
    }

    /// Notes which keys a table can have.
    pub(super) fn asked(&mut self, table: usize, keys: Vec<&'static str>) {
        self.asked.push((table, keys));
    }

    /// Returns the keys that tables can have, by their places.
    pub(super) fn into_asked(self) -> Vec<(usize, Vec<&'static str>)> {
        self.asked
    }

    /// Notes that a value in the file is not accepted. If it is not even TOML,
    /// only that is reported.
    pub(super) fn wrong(&mut self, at: usize, message: impl Into<String>) {
        self.add(at, MistakeCode::NotAccepted, None, message.into());
    }

    fn add(&mut self, at: usize, code: MistakeCode, meant: Option<String>, mut message: String) {
        if self.broken.contains(&at) {
            return;
        }
        if let Some(first) = message.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        self.found.push(Found { at, code, meant, key: None, message });
    }

    /// Notes that a key is missing from the table that begins here.
    pub(super) fn missing_key(&mut self, table: usize, key: &str, message: impl Into<String>) {
        let before = self.found.len();
        self.missing(table, message);
        for found in &mut self.found[before..] {
            found.key = Some((table, key.to_owned()));
        }
    }

    /// Notes a key that the table that begins at `table` cannot have.
    pub(super) fn unknown_key<'w>(
        &mut self,
        table: usize,
        (at, key): (usize, &str),
        unknown: &str,
        keys: impl IntoIterator<Item = &'w str>,
    ) {
        let before = self.found.len();
        self.unknown(at, unknown, key, keys);
        for found in &mut self.found[before..] {
            found.key = found.meant.clone().map(|meant| (table, meant));
        }
    }

    /// Notes that something is missing from the file.
    pub(super) fn missing(&mut self, at: usize, message: impl Into<String>) {
        if self.broken.is_empty() {
            self.add(at, MistakeCode::Missing, None, message.into());
        }
    }

    /// Notes that the text is not TOML.
    pub(super) fn broken(&mut self, at: usize, message: impl Into<String>) {
        self.add(at, MistakeCode::NotToml, None, message.into());
        self.broken.push(at);
    }

    /// Notes a secret.
    pub(super) fn secret(&mut self, at: usize, message: impl Into<String>) {
        self.add(at, MistakeCode::Secret, None, message.into());
    }

    /// Notes that `written` is not one of the allowed words. `unknown` says
    /// what it is, such as "kind `flga`".
    pub(super) fn unknown<'w>(
        &mut self,
        at: usize,
        unknown: &str,
        written: &str,
        words: impl IntoIterator<Item = &'w str>,
    ) {
        let words: Vec<&str> = words.into_iter().collect();
        let meant = nearest(written, words.iter().copied());
        let message = match meant {
            Some(near) => format!("Unknown {unknown}; did you mean `{near}`?"),
            None => format!("Unknown {unknown}: use {}.", or(&words)),
        };
        self.add(at, MistakeCode::Unknown, meant.map(str::to_owned), message);
    }

    /// Notes a word that other grammars have, with the one that is meant.
    pub(super) fn foreign(&mut self, at: usize, message: String, meant: &str) {
        self.add(at, MistakeCode::Unknown, Some(meant.to_owned()), message);
    }

    /// A key that is written with a mistake is not missing, too.
    fn forget_misspelt(&mut self) {
        let misspelt: Vec<_> = self
            .found
            .iter()
            .filter(|found| found.code == MistakeCode::Unknown)
            .filter_map(|found| found.key.clone())
            .collect();
        self.found.retain(|found| {
            let is_misspelt = found.key.as_ref().is_some_and(|key| misspelt.contains(key));
            found.code != MistakeCode::Missing || !is_misspelt
        });
    }

    pub(super) fn is_clean(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn into_mistakes(mut self) -> Mistakes {
        if self.found.is_empty() {
            self.wrong(0, "This text could not be read as a catalog.");
        }
        self.forget_misspelt();
        // A stable sort keeps the mistakes of one place in the order of the
        // grammar.
        self.found.sort_by_key(|found| found.at);
        let mut all: Vec<Mistake> = Vec::with_capacity(self.found.len());
        for Found { at, code, meant, key: _, message } in self.found {
            let (line, column) = position(self.text, at);
            let span = token::span(self.text, at);
            let mistake = Mistake { line, column, span, code, meant, message };
            if !all.contains(&mistake) {
                all.push(mistake);
            }
        }
        Mistakes { all, is_toml: self.broken.is_empty() }
    }
}

/// Returns "`a`, `b` or `c`". Of more than twelve words only the first few are
/// listed.
pub(super) fn or(words: &[&str]) -> String {
    const MOST: usize = 12;
    const FEW: usize = 5;
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [word] => word.clone(),
        words if words.len() > MOST => {
            format!("{} or another of docs/catalog.md", words[..FEW].join(", "))
        }
        [words @ .., last] => format!("{} or {last}", words.join(", ")),
    }
}

/// Returns text of the file in backticks, for a message.
pub(super) fn quoted(written: &str) -> String {
    if written.is_empty() { "an empty string".to_owned() } else { format!("`{}`", shown(written)) }
}

/// Returns text of the file for a message: on one line, and cut if it is long.
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
    fn what_seems_to_be_missing_from_broken_text_is_not_reported() {
        let mut notes = Notes::new("x");
        notes.broken(0, "No equals sign.");
        notes.missing(0, "There is no `name`.");
        let mistakes = notes.into_mistakes();
        assert_eq!(mistakes.to_string(), "1:1: No equals sign.");
        assert!(mistakes.is_syntax());
    }

    #[test]
    fn mistakes_are_reported_once_and_in_the_order_of_their_places() {
        let mut notes = Notes::new("a\nb\n");
        notes.wrong(2, "Second.");
        notes.wrong(0, "First.");
        notes.wrong(2, "Second.");
        let mistakes = notes.into_mistakes();
        assert_eq!(mistakes.to_string(), "1:1: First.\n2:1: Second.");
        assert!(!mistakes.is_syntax());
    }
}
