//! The texts of a product's values, for answers.

use rusqlite::{Connection, Error, params};

use super::mix::NumberMap;
use crate::{VersionScope, limits};

/// Texts by the numbers of values. Several numbers may have one text. A text
/// has a place, and places are in the order of texts.
pub(super) struct Names {
    texts: Vec<String>,
    places: NumberMap<u32, u32>,
    /// The place of [`limits::OTHER`], which stands for every value that has no
    /// row.
    other: u32,
}

impl Names {
    pub(super) fn read(connection: &Connection, product: &str) -> Result<Self, Error> {
        let mut statement = connection.prepare_cached(include_str!("../../sql/ask_names.sql"))?;
        let values = statement.query_map(params![product], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut values: Vec<(u32, String)> = values.collect::<Result<_, _>>()?;
        // Numbers of values begin with 1.
        values.push((0, String::new()));
        values.push((u32::MAX, limits::OTHER.to_owned()));
        values.sort_unstable_by(|(_, one), (_, other)| one.cmp(other));
        let mut names = Self { texts: Vec::new(), places: NumberMap::default(), other: 0 };
        for (number, text) in values {
            if names.texts.last() != Some(&text) {
                names.texts.push(text);
            }
            names.places.insert(number, names.texts.len() as u32 - 1);
        }
        names.other = names.places.get(&u32::MAX).copied().unwrap_or(0);
        Ok(names)
    }

    /// The place of the text of a number.
    pub(super) fn place(&self, number: u32) -> u32 {
        self.places.get(&number).copied().unwrap_or(self.other)
    }

    pub(super) fn text(&self, place: u32) -> &str {
        self.texts.get(place as usize).map_or("", String::as_str)
    }

    /// The place under which a version is counted for a question. `None` if the
    /// question is not about it.
    pub(super) fn version(&self, number: u32, scope: &VersionScope) -> Option<u32> {
        match scope {
            VersionScope::All => Some(0),
            VersionScope::Each => Some(self.place(number)),
            VersionScope::Only(version) => (self.text(self.place(number)) == version).then_some(0),
        }
    }

    /// The version of a row.
    pub(super) fn shown(&self, place: u32, scope: &VersionScope) -> Option<String> {
        (*scope == VersionScope::Each).then(|| self.text(place).to_owned())
    }
}
