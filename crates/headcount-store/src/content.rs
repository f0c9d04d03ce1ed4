//! The hash of a row's content, by which the same id with other content is
//! told from a duplicate.
//!
//! It is made of names and words, not of their places, and does not depend on
//! the order of columns: the same event has the same hash whichever version of
//! the catalog or of this program judged it. It is on disk: it must not change.
//! Nobody gains by a collision: an event that collides is a duplicate either
//! way, and is not counted.

use crate::Pseudonym;
use crate::block::xxh64;

/// Stands for the hash of an event of formats 1 and 2, which had none: whatever
/// comes with its id is the same. A real hash is this number once in four
/// billion, which does no harm.
pub(crate) const UNKNOWN_CONTENT: u32 = 0;

/// A hash in progress.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Content(u64);

/// The hash of a name or a word.
pub(crate) fn hash_of_name(name: &str) -> u64 {
    xxh64(name.as_bytes())
}

impl Content {
    pub(crate) fn of_event(name: u64) -> Self {
        Self(name)
    }

    /// Adds a cell: the hash of its column's name, and of its value.
    pub(crate) fn add(&mut self, name: u64, value: u64) {
        self.0 = self.0.wrapping_add(mix(name ^ value.rotate_left(32)));
    }

    /// Adds one of several values of a cell, in their order.
    pub(crate) fn add_item(&mut self, name: u64, place: usize, value: u64) {
        self.add(name ^ mix(place as u64 + 1), value);
    }

    /// Adds a pseudonym, which is uniform already.
    pub(crate) fn add_pseudonym(&mut self, name: u64, pseudonym: Pseudonym) {
        let bits = u128::from_be_bytes(pseudonym.bytes());
        self.add(name, mix((bits >> 64) as u64) ^ bits as u64);
    }

    /// Returns 32 bits: two different contents have the same once in four
    /// billion.
    pub(crate) fn finish(self) -> u32 {
        (mix(self.0) >> 32) as u32
    }
}

/// Spreads the bits of a number. Source: the finalizer of MurmurHash3.
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ bits >> 33).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    bits = (bits ^ bits >> 33).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    bits ^ bits >> 33
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_columns_makes_no_difference_and_that_of_items_does() {
        let names = ["event", "one", "other"].map(hash_of_name);
        let of = |cells: [(u64, u64); 2]| {
            let mut content = Content::of_event(names[0]);
            cells.into_iter().for_each(|(name, value)| content.add(name, value));
            content.finish()
        };
        assert_eq!(of([(names[1], 1), (names[2], 2)]), of([(names[2], 2), (names[1], 1)]));
        assert_ne!(of([(names[1], 1), (names[2], 2)]), of([(names[1], 2), (names[2], 1)]));
        let list = |items: [u64; 2]| {
            let mut content = Content::of_event(names[0]);
            items.iter().enumerate().for_each(|(at, item)| content.add_item(names[1], at, *item));
            content.finish()
        };
        assert_ne!(list([1, 2]), list([2, 1]));
    }

    /// The hash is on disk.
    #[test]
    fn the_form_is_frozen() {
        let mut content = Content::of_event(hash_of_name("atomic_command"));
        content.add(hash_of_name("command"), hash_of_name("init"));
        assert_eq!(content.finish(), FROZEN);
    }

    const FROZEN: u32 = 3_797_294_421;
}
