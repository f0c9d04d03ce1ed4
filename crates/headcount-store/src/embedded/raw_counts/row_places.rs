//! The rows of an answer about what comes next, each with a number until their
//! order is known.

use super::super::rollups::NumberMap;

/// The events and values that have come, each with a number of its own.
#[derive(Debug, Default)]
pub(super) struct RowPlaces {
    numbers: NumberMap<RowKey, u32>,
    keys: Vec<RowKey>,
}

/// The place of the event in the question, and the code of its value.
pub(super) type RowKey = (u32, u32);

impl RowPlaces {
    pub(super) fn number(&mut self, key: RowKey) -> u32 {
        *self.numbers.entry(key).or_insert_with(|| {
            self.keys.push(key);
            self.keys.len() as u32 - 1
        })
    }

    /// The keys, by their numbers.
    pub(super) fn keys(&self) -> &[RowKey] {
        &self.keys
    }
}
