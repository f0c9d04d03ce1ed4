//! The ids of fresh events, those that no segment has sealed, with the hashes
//! of their contents.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::{BuildHasher, Hash, Hasher};

use headcount_catalog::{Day, EventId};

use crate::mixing::{GOLDEN, fold};

/// The ids by product and day.
#[derive(Default)]
pub(super) struct FreshIds {
    products: HashMap<Box<str>, HashMap<Day, DayIds>>,
    hashing: KeyedHashing,
}

/// The ids of one product and day. An entry has 21 bytes in a table that is 44
/// to 87 percent full: 24 to 48 bytes an id, of at most
/// [`crate::limits::SEAL_ROWS`] ids and those of the next commits.
pub(super) struct DayIds {
    contents: HashMap<IdKey, u32, KeyedHashing>,
}

/// An id in four parts, so that an entry of the table has no padding.
#[derive(Clone, Copy, PartialEq, Eq)]
struct IdKey([u32; 4]);

impl FreshIds {
    /// The ids of a product and day, which may be none yet.
    pub(super) fn day(&mut self, product: &str, day: Day) -> &mut DayIds {
        if !self.products.contains_key(product) {
            self.products.insert(product.into(), HashMap::new());
        }
        let days = self.products.get_mut(product).expect("the entry was inserted above");
        let hashing = self.hashing;
        days.entry(day).or_insert_with(|| DayIds { contents: HashMap::with_hasher(hashing) })
    }

    /// Every product and day, with the number of its ids.
    pub(super) fn days(&self) -> impl Iterator<Item = (&str, Day, usize)> {
        let days = self.products.iter();
        days.flat_map(|(product, days)| {
            days.iter().map(move |(day, ids)| (&**product, *day, ids.contents.len()))
        })
    }

    /// Forgets ids that are sealed now, or gone.
    pub(super) fn forget(&mut self, product: &str, day: Day, ids: &[EventId]) {
        let Some(days) = self.products.get_mut(product) else { return };
        let Some(of_day) = days.get_mut(&day) else { return };
        ids.iter().for_each(|id| of_day.remove(*id));
        if of_day.contents.is_empty() {
            days.remove(&day);
        } else if of_day.contents.len() * 4 < of_day.contents.capacity() {
            of_day.contents.shrink_to_fit();
        }
    }

    /// Forgets a whole day.
    pub(super) fn forget_day(&mut self, product: &str, day: Day) {
        if let Some(days) = self.products.get_mut(product) {
            days.remove(&day);
        }
    }
}

impl DayIds {
    /// Remembers an id, or returns the content of the event that has it
    /// already.
    pub(super) fn insert(&mut self, id: EventId, content: u32) -> Option<u32> {
        match self.contents.entry(IdKey::of(id)) {
            Entry::Occupied(known) => Some(*known.get()),
            Entry::Vacant(free) => {
                free.insert(content);
                None
            }
        }
    }

    /// Remembers ids with the contents of their events.
    pub(super) fn insert_all(&mut self, ids: &[EventId], contents: &[u32]) {
        self.reserve(ids.len());
        for (id, content) in ids.iter().zip(contents) {
            self.insert(*id, *content);
        }
    }

    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, more: usize) {
        self.contents.reserve(more);
    }

    pub(super) fn remove(&mut self, id: EventId) {
        self.contents.remove(&IdKey::of(id));
    }
}

impl IdKey {
    fn of(id: EventId) -> Self {
        let bits = id.bits();
        Self([bits as u32, (bits >> 32) as u32, (bits >> 64) as u32, (bits >> 96) as u32])
    }
}

impl Hash for IdKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [a, b, c, d] = self.0.map(u64::from);
        state.write_u64(a | b << 32);
        state.write_u64(c | d << 32);
    }
}

/// A hash under random keys: senders choose ids, and must not be able to choose
/// those that fall together. SipHash would take as long as the rest of the
/// look-up.
#[derive(Clone, Copy)]
pub(super) struct KeyedHashing {
    keys: [u64; 3],
}

impl Default for KeyedHashing {
    fn default() -> Self {
        let random = RandomState::new();
        Self { keys: [1u64, 2, 3].map(|nth| random.hash_one(nth)) }
    }
}

impl BuildHasher for KeyedHashing {
    type Hasher = KeyedHash;

    fn build_hasher(&self) -> KeyedHash {
        KeyedHash { keys: self.keys, state: 0 }
    }
}

/// Multiplies each pair of words, under the keys, and folds the product.
pub(super) struct KeyedHash {
    keys: [u64; 3],
    state: u64,
}

impl Hasher for KeyedHash {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.state = fold(self.state ^ self.keys[0], word ^ self.keys[1]);
    }

    fn finish(&self) -> u64 {
        fold(self.state ^ self.keys[2], GOLDEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids that differ in a few bits only, in every part: a hash whose low bits
    /// came from a part of the id would put them all in one place.
    #[test]
    fn ids_chosen_to_collide_spread_over_the_table() {
        for shift in [0, 16, 32, 48, 60, 64, 80, 96, 110] {
            for hashing in [KeyedHashing::default(), KeyedHashing::default()] {
                let mut places = vec![0u32; 1 << 12];
                let mut tags = vec![0u32; 1 << 7];
                for number in 0..1u128 << 14 {
                    let hash = hashing.hash_one(IdKey::of(EventId::from_bits(number << shift)));
                    places[hash as usize & 0xfff] += 1;
                    tags[(hash >> 57) as usize] += 1;
                }
                // Four are expected in each place: 40 have a chance of 1e-24.
                assert!(places.iter().max() < Some(&40), "shift {shift}");
                assert!(tags.iter().max() < Some(&512), "128 expected, shift {shift}");
            }
        }
    }

    #[test]
    fn two_stores_hash_an_id_differently() {
        let id = IdKey::of(EventId::from_bits(7));
        assert_ne!(KeyedHashing::default().hash_one(id), KeyedHashing::default().hash_one(id));
    }

    #[test]
    fn an_id_is_known_until_it_is_forgotten() {
        let (day, mut ids) = (Day::from_number(1), FreshIds::default());
        let id = EventId::from_bits(1 << 100);
        assert_eq!(ids.day("a", day).insert(id, 5), None);
        assert_eq!(ids.day("a", day).insert(id, 6), Some(5), "the first one stays");
        assert_eq!(ids.day("b", day).insert(id, 6), None);
        ids.forget("a", day, &[id]);
        assert_eq!(ids.days().collect::<Vec<_>>(), [("b", day, 1)]);
        ids.forget_day("b", day);
        assert_eq!(ids.days().count(), 0);
    }
}
