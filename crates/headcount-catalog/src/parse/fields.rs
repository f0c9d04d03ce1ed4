//! Reading the keys of one table: each known key is asked for once, and
//! whatever was not asked for is a mistake.

use super::near::nearest;
use super::notes::{Notes, or, shown};
use super::source::{Data, Node, Pair, Table};

/// A table being read.
pub(super) struct Fields<'t> {
    table: &'t Table,
    /// As a message names it: `[product]`.
    place: String,
    known: Vec<&'static str>,
}

impl<'t> Fields<'t> {
    pub(super) fn new(table: &'t Table, place: impl Into<String>) -> Self {
        Self { table, place: place.into(), known: Vec::new() }
    }

    /// The table as a message names it.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Where the table begins.
    pub(super) fn at(&self) -> usize {
        self.table.at
    }

    /// What stands at a key, if anything does.
    pub(super) fn find(&mut self, key: &'static str) -> Option<&'t Pair> {
        self.known.push(key);
        self.table.pairs.iter().find(|pair| pair.key == key)
    }

    /// What stands at a key that must be there.
    pub(super) fn need(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<&'t Pair> {
        let found = self.find(key);
        if found.is_none() {
            notes.missing(self.table.at, format!("{} needs `{key}`.", self.place));
        }
        found
    }

    /// The section at a key that must be there.
    pub(super) fn section(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<Self> {
        let table = self.need(key, notes)?.table(notes)?;
        Some(Self::new(table, format!("`[{key}]`")))
    }

    /// Keys that may stand here besides those asked for one by one.
    pub(super) fn know(&mut self, keys: impl IntoIterator<Item = &'static str>) {
        self.known.extend(keys);
    }

    /// The first pair whose key is one of these.
    pub(super) fn first_of(&self, keys: &[&'static str]) -> Option<(&'static str, &'t Pair)> {
        self.table
            .pairs
            .iter()
            .find_map(|pair| keys.iter().find(|key| **key == pair.key).map(|key| (*key, pair)))
    }

    /// The first pair with one of these keys other than `but`.
    pub(super) fn another_of(
        &self,
        keys: &[&'static str],
        but: &str,
    ) -> Option<(&'static str, &'t Pair)> {
        let others: Vec<&'static str> = keys.iter().copied().filter(|key| *key != but).collect();
        self.first_of(&others)
    }

    /// Whether some key of the table is nearly one of these.
    pub(super) fn misspells(&self, keys: &[&'static str]) -> bool {
        self.table.pairs.iter().any(|pair| nearest(&pair.key, keys.iter().copied()).is_some())
    }

    /// The text at a key, if there is any.
    pub(super) fn text(&mut self, key: &'static str, notes: &mut Notes<'_>) -> Option<Text<'t>> {
        self.find(key).and_then(|pair| pair.text(notes))
    }

    /// The text at a key that must be there.
    pub(super) fn need_text(
        &mut self,
        key: &'static str,
        notes: &mut Notes<'_>,
    ) -> Option<Text<'t>> {
        self.need(key, notes).and_then(|pair| pair.text(notes))
    }

    /// Notes every key that nobody asked for.
    pub(super) fn finish(self, notes: &mut Notes<'_>) {
        for pair in &self.table.pairs {
            if self.known.contains(&pair.key.as_str()) {
                continue;
            }
            let hint = match nearest(&pair.key, self.known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it can have {}.", or(&self.known)),
            };
            notes.wrong(pair.at, format!("{} has no `{}`; {hint}", self.place, shown(&pair.key)));
        }
    }
}

/// Text of the file with its place and the key it stands at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'t> {
    pub(super) at: usize,
    pub(super) key: &'t str,
    pub(super) text: &'t str,
}

impl<'t> Text<'t> {
    /// The thing of this name, or a mistake that lists the names.
    pub(super) fn one_of<T: Copy>(
        self,
        words: &[(T, &'static str)],
        notes: &mut Notes<'_>,
    ) -> Option<T> {
        let found = words.iter().find(|(_, word)| *word == self.text);
        if found.is_none() {
            let what = format!("`{}`", self.key);
            notes.unknown(self.at, &what, self.text, words.iter().map(|(_, word)| *word));
        }
        found.map(|(thing, _)| *thing)
    }

    /// The text if `fits` says so, or a mistake that says what it must be.
    pub(super) fn checked(
        self,
        fits: impl FnOnce(&str) -> bool,
        must: &str,
        notes: &mut Notes<'_>,
    ) -> Option<&'static str> {
        if fits(self.text) {
            return Some(leak(self.text));
        }
        let written = shown(self.text);
        notes.wrong(self.at, format!("`{}` must be {must}, not \"{written}\".", self.key));
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
            _ => self.value.wrong_type(&self.key, "a list", notes),
        }
    }

    /// A whole number of a range.
    pub(super) fn whole(&self, from: u64, to: u64, notes: &mut Notes<'_>) -> Option<u64> {
        self.value.whole(&self.key, from, to, notes)
    }
}

impl Node {
    pub(super) fn text<'t>(&'t self, key: &'t str, notes: &mut Notes<'_>) -> Option<Text<'t>> {
        match &self.data {
            Data::Text(text) => Some(Text { at: self.at, key, text }),
            _ => self.wrong_type(key, "text", notes),
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
            return self.wrong_type(key, "a whole number", notes);
        };
        let fitting = number
            .and_then(|number| u64::try_from(number).ok())
            .filter(|number| (from..=to).contains(number));
        if fitting.is_none() {
            notes.wrong(self.at, format!("`{key}` must be between {from} and {to}."));
        }
        fitting
    }

    /// Notes that something else must stand here; never anything but `None`.
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

/// Text that lives as long as the process: a program reads a handful of
/// catalogs at its start, and everything may then borrow from them.
pub(super) fn leak(text: &str) -> &'static str {
    Box::leak(Box::from(text))
}

/// A list that lives as long as the process.
pub(super) fn leak_list<T>(list: Vec<T>) -> &'static [T] {
    Box::leak(list.into_boxed_slice())
}
