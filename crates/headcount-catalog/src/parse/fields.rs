//! Reads the keys of a table. A key that no reader asked for is a mistake.

use super::nearest::nearest;
use super::notes::{Notes, quoted, shown};
use super::toml_tree::{Data, Node, Pair, Table};

/// A table that is being read.
pub(super) struct Fields<'t> {
    table: &'t Table,
    /// The table in messages, such as `[product]`.
    place: String,
    known: Vec<&'static str>,
}

impl<'t> Fields<'t> {
    pub(super) fn new(table: &'t Table, place: impl Into<String>) -> Self {
        Self { table, place: place.into(), known: Vec::new() }
    }

    /// The table in messages.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Where the table starts.
    pub(super) fn at(&self) -> usize {
        self.table.at
    }

    /// Returns the pair with this key.
    pub(super) fn find(&mut self, key: &'static str) -> Option<&'t Pair> {
        self.known.push(key);
        self.table.pairs.iter().find(|pair| pair.key == key)
    }

    /// Returns the pair with a required key.
    pub(super) fn need(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<&'t Pair> {
        let found = self.find(key);
        if found.is_none() {
            let message = format!("Missing key `{key}` in {}.", self.place);
            notes.missing_key(self.table.at, key, message);
        }
        found
    }

    /// Returns the pair with a required key that is written as `header`.
    pub(super) fn need_section(
        &mut self,
        key: &'static str,
        header: &str,
        notes: &mut Notes<'_>,
    ) -> Option<&'t Pair> {
        let found = self.find(key);
        if found.is_none() {
            notes.missing_key(self.table.at, key, format!("Missing section `{header}`."));
        }
        found
    }

    /// Returns the fields of a required section.
    pub(super) fn section(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<Self> {
        let header = format!("[{key}]");
        let table = self.need_section(key, &header, notes)?.table(notes)?;
        Some(Self::new(table, format!("`{header}`")))
    }

    /// Marks keys as known without reading them.
    pub(super) fn know(&mut self, keys: impl IntoIterator<Item = &'static str>) {
        self.known.extend(keys);
    }

    /// Returns the first pair with one of these keys.
    pub(super) fn first_of(&self, keys: &[&'static str]) -> Option<(&'static str, &'t Pair)> {
        self.table
            .pairs
            .iter()
            .find_map(|pair| keys.iter().find(|key| **key == pair.key).map(|key| (*key, pair)))
    }

    /// Returns the first pair with one of these keys except `but`.
    pub(super) fn another_of(
        &self,
        keys: &[&'static str],
        but: &str,
    ) -> Option<(&'static str, &'t Pair)> {
        let others: Vec<&'static str> = keys.iter().copied().filter(|key| *key != but).collect();
        self.first_of(&others)
    }

    /// Whether a key of the table is a misspelt one of these.
    pub(super) fn misspells(&self, keys: &[&'static str]) -> bool {
        self.table.pairs.iter().any(|pair| nearest(&pair.key, keys.iter().copied()).is_some())
    }

    /// Returns the text at a key.
    pub(super) fn text(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<Text<'t>> {
        self.find(key).and_then(|pair| pair.text(notes))
    }

    /// Returns the text at a required key.
    pub(super) fn need_text(
        &mut self,
        key: &'static str,
        notes: &mut Notes<'_>,
    ) -> Option<Text<'t>> {
        self.need(key, notes).and_then(|pair| pair.text(notes))
    }

    /// Notes every unknown key, and which keys are known.
    pub(super) fn finish(self, notes: &mut Notes<'_>) {
        for pair in &self.table.pairs {
            if self.known.contains(&pair.key.as_str()) {
                continue;
            }
            let unknown = format!("key `{}` in {}", shown(&pair.key), self.place);
            let key = (pair.at, pair.key.as_str());
            notes.unknown_key(self.table.at, key, &unknown, self.known.iter().copied());
        }
        notes.asked(self.table.at, self.known);
    }
}

/// A string of the file, with its place and its key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'t> {
    pub(super) at: usize,
    pub(super) key: &'t str,
    pub(super) text: &'t str,
}

impl<'t> Text<'t> {
    /// Returns the value that this word stands for, or notes a mistake that
    /// lists the words.
    pub(super) fn one_of<T: Copy>(
        self,
        words: &[(T, &'static str)],
        notes: &mut Notes<'_>,
    ) -> Option<T> {
        let found = words.iter().find(|(_, word)| *word == self.text);
        if found.is_none() {
            let unknown = format!("value {} for `{}`", quoted(self.text), self.key);
            notes.unknown(self.at, &unknown, self.text, words.iter().map(|(_, word)| *word));
        }
        found.map(|(value, _)| *value)
    }

    /// Returns the text if `fits` accepts it, or notes what it must be.
    pub(super) fn checked(
        self,
        fits: impl FnOnce(&str) -> bool,
        must: &str,
        notes: &mut Notes<'_>,
    ) -> Option<&'static str> {
        if fits(self.text) {
            return Some(leak(self.text));
        }
        self.must_be(must, notes)
    }

    /// Notes what the text must be.
    pub(super) fn must_be<T>(self, must: &str, notes: &mut Notes<'_>) -> Option<T> {
        notes
            .wrong(self.at, format!("`{}` must be {must}; found {}.", self.key, quoted(self.text)));
        None
    }
}

impl Pair {
    pub(super) fn text(&self, notes: &mut Notes<'_>) -> Option<Text<'_>> {
        self.value.text(&self.key, notes)
    }

    pub(super) fn table(&self, notes: &mut Notes<'_>) -> Option<&Table> {
        match &self.value.data {
            Data::Table(table) => Some(table),
            _ => self.value.wrong_type(&self.key, "a table", notes),
        }
    }

    pub(super) fn list(&self, notes: &mut Notes<'_>) -> Option<&[Node]> {
        match &self.value.data {
            Data::List(items) => Some(items),
            _ => self.value.wrong_type(&self.key, "an array", notes),
        }
    }

    pub(super) fn flag(&self, notes: &mut Notes<'_>) -> Option<bool> {
        match self.value.data {
            Data::Flag(flag) => Some(flag),
            _ => self.value.wrong_type(&self.key, "`true` or `false`", notes),
        }
    }

    /// Returns the integer, if it is in the range.
    pub(super) fn whole(&self, from: u64, to: u64, notes: &mut Notes<'_>) -> Option<u64> {
        self.value.whole(&self.key, from, to, notes)
    }
}

impl Node {
    pub(super) fn text<'t>(&'t self, key: &'t str, notes: &mut Notes<'_>) -> Option<Text<'t>> {
        match &self.data {
            Data::Text(text) => Some(Text { at: self.at, key, text }),
            _ => self.wrong_type(key, "a string", notes),
        }
    }

    pub(super) fn whole(
        &self,
        key: &str,
        from: u64,
        to: u64,
        notes: &mut Notes<'_>,
    ) -> Option<u64> {
        let Data::Whole(number) = &self.data else {
            return self.wrong_type(key, "an integer", notes);
        };
        let fitting = number
            .and_then(|number| u64::try_from(number).ok())
            .filter(|number| (from..=to).contains(number));
        if fitting.is_none() {
            notes.wrong(self.at, format!("`{key}` must be from {from} to {to}."));
        }
        fitting
    }

    /// Notes what the value must be. Always returns `None`.
    pub(super) fn wrong_type<T>(
        &self,
        key: &str,
        wanted: &str,
        notes: &mut Notes<'_>,
    ) -> Option<T> {
        if !matches!(self.data, Data::Hole) {
            notes.wrong(self.at, format!("`{key}` must be {wanted}, not {}.", self.data.name()));
        }
        None
    }
}

/// Copies text into memory that is never freed. A program reads only a few
/// catalogs, when it starts, and everything can then borrow from them.
pub(super) fn leak(text: &str) -> &'static str {
    Box::leak(Box::from(text))
}

/// Moves a list into memory that is never freed.
pub(super) fn leak_list<T>(list: Vec<T>) -> &'static [T] {
    Box::leak(list.into_boxed_slice())
}
