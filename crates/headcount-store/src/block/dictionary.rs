//! Dictionaries: each distinct entry once, with a small number for it.

use std::collections::HashMap;
use std::hash::Hash;

/// Up to this many entries, a linear search is faster than hashing.
const LINEAR_ENTRIES: usize = 16;

/// Entries in the order in which they were first added. The hash is keyed,
/// because senders choose the entries.
pub(super) struct Dictionary<T> {
    entries: Vec<T>,
    places: HashMap<T, u32>,
}

impl<T: Copy + Eq + Hash> Dictionary<T> {
    pub(super) fn new() -> Self {
        Self { entries: Vec::new(), places: HashMap::new() }
    }

    pub(super) fn entries(&self) -> &[T] {
        &self.entries
    }

    /// Returns the place of an entry, and adds the entry if it is new.
    pub(super) fn code(&mut self, entry: T) -> u32 {
        self.find(entry).unwrap_or_else(|| self.push(entry))
    }

    pub(super) fn contains(&self, entry: T) -> bool {
        self.find(entry).is_some()
    }

    fn find(&self, entry: T) -> Option<u32> {
        if self.entries.len() <= LINEAR_ENTRIES {
            self.entries.iter().position(|known| *known == entry).map(code_of)
        } else {
            self.places.get(&entry).copied()
        }
    }

    fn push(&mut self, entry: T) -> u32 {
        let code = code_of(self.entries.len());
        self.entries.push(entry);
        if self.entries.len() == LINEAR_ENTRIES + 1 {
            let all = self.entries.iter().enumerate();
            self.places.extend(all.map(|(place, entry)| (*entry, code_of(place))));
        } else if self.entries.len() > LINEAR_ENTRIES {
            self.places.insert(entry, code);
        }
        code
    }
}

fn code_of(place: usize) -> u32 {
    u32::try_from(place).expect("a commit is in memory: it has fewer than 2^32 cells")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_keeps_its_code_as_the_dictionary_grows() {
        let mut dictionary = Dictionary::new();
        for round in 0..3 {
            for number in 0..40u32 {
                assert_eq!(dictionary.code(number * 7), number, "round {round}");
            }
        }
        assert_eq!(dictionary.entries().len(), 40);
    }
}
