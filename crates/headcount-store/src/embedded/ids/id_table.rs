//! The table of one day: 48 bits of the hash of each id, and its run.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};

use headcount_catalog::EventId;

use crate::limits;
use crate::mixing::{GOLDEN, fold};

/// The place of a run among the runs of its day.
pub(super) type RunPlace = u16;

/// 64 bits of an id, under random keys: senders choose ids, and must not be
/// able to choose those that fall together. SipHash would take as long as the
/// rest of the look-up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct IdHash(u64);

/// The keys of the hash.
#[derive(Clone, Copy)]
pub(in crate::embedded) struct IdHashing {
    /// Another one each time that the store is opened.
    opening: u64,
    keys: [u64; 3],
}

impl Default for IdHashing {
    fn default() -> Self {
        let random = RandomState::new();
        let keys = [1u64, 2, 3].map(|nth| random.hash_one(nth));
        Self { opening: random.hash_one(0u64), keys }
    }
}

impl IdHashing {
    /// A number that says which opening of the store these keys are of.
    pub(super) fn opening(&self) -> u64 {
        self.opening
    }

    /// Multiplies each half, under the keys, and folds the product.
    pub(super) fn hash(&self, id: EventId) -> IdHash {
        let (upper, lower) = ((id.bits() >> 64) as u64, id.bits() as u64);
        let [one, other, last] = self.keys;
        let state = fold(one, upper ^ other);
        IdHash(fold(fold(state ^ one, lower ^ other) ^ last, GOLDEN))
    }
}

/// The upper 48 bits of a hash. With its run, an entry has 8 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct HashKey([u16; 3]);

impl HashKey {
    fn of(hash: IdHash) -> Self {
        Self([(hash.0 >> 16) as u16, (hash.0 >> 32) as u16, (hash.0 >> 48) as u16])
    }

    /// The highest bits: the lowest ones are the place in the shard.
    fn shard(self, shards: usize) -> usize {
        (usize::from(self.0[2]) * shards) >> u16::BITS
    }
}

impl Hash for HashKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [low, middle, high] = self.0.map(u64::from);
        state.write_u64(low | middle << 16 | high << 32);
    }
}

/// A hasher for what is a hash already. The table takes its place from the
/// lowest bits and its tag from the highest, which must not be the same.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are written as one number");
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = word.wrapping_mul(GOLDEN);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

type Shard = HashMap<HashKey, RunPlace, BuildHasherDefault<Spread>>;

/// The hashes with their runs. An entry has 9 bytes in a table that is 44 to 87
/// percent full: 10 to 21 bytes an id.
///
/// A large day has many shards, each of which grows on its own, so that no
/// commit waits until all of it is copied.
pub(in crate::embedded) struct IdTable {
    shards: Vec<Shard>,
    ids: usize,
}

impl IdTable {
    pub(super) fn new() -> Self {
        Self { shards: vec![Shard::default()], ids: 0 }
    }

    /// The number of ids.
    pub(super) fn len(&self) -> usize {
        self.ids
    }

    pub(super) fn get(&self, hash: IdHash) -> Option<RunPlace> {
        self.shards[self.shard(hash)].get(&HashKey::of(hash)).copied()
    }

    /// Adds a hash, or returns the run that has it already.
    pub(super) fn insert(&mut self, hash: IdHash, run: RunPlace) -> Option<RunPlace> {
        if self.shards.len() == 1 && self.shards[0].len() >= limits::WHOLE_ID_TABLE {
            self.split();
        }
        let shard = self.shard(hash);
        match self.shards[shard].entry(HashKey::of(hash)) {
            Entry::Occupied(known) => Some(*known.get()),
            Entry::Vacant(free) => {
                free.insert(run);
                self.ids += 1;
                None
            }
        }
    }

    pub(super) fn remove(&mut self, hash: IdHash) {
        let shard = self.shard(hash);
        self.ids -= usize::from(self.shards[shard].remove(&HashKey::of(hash)).is_some());
    }

    fn shard(&self, hash: IdHash) -> usize {
        HashKey::of(hash).shard(self.shards.len())
    }

    fn split(&mut self) {
        let shards = limits::ID_TABLE_SHARDS;
        let each = 2 * limits::WHOLE_ID_TABLE / shards;
        let mut split: Vec<Shard> = (0..shards)
            .map(|_| Shard::with_capacity_and_hasher(each, Default::default()))
            .collect();
        for (key, run) in self.shards.iter().flatten() {
            split[key.shard(shards)].insert(*key, *run);
        }
        self.shards = split;
    }
}

#[cfg(test)]
impl IdHashing {
    /// Gives all ids the same hash.
    pub(super) fn constant() -> Self {
        Self { opening: RandomState::new().hash_one(0), keys: [0; 3] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids that differ in a few bits only, in every part: a hash whose bits
    /// came from a part of the id would put them all in one place.
    #[test]
    fn ids_chosen_to_collide_spread_over_the_table() {
        for shift in [0, 16, 32, 48, 60, 64, 80, 96, 110] {
            for hashing in [IdHashing::default(), IdHashing::default()] {
                let mut places = vec![0u32; 1 << 12];
                let mut tags = vec![0u32; 1 << 7];
                let mut shards = vec![0u32; limits::ID_TABLE_SHARDS];
                for number in 0..1u128 << 14 {
                    let hash = hashing.hash(EventId::from_bits(number << shift));
                    let key = HashKey::of(hash);
                    let spread = BuildHasherDefault::<Spread>::default().hash_one(key);
                    places[spread as usize & 0xfff] += 1;
                    tags[(spread >> 57) as usize] += 1;
                    shards[key.shard(limits::ID_TABLE_SHARDS)] += 1;
                }
                // Four are expected in each place: 40 have a chance of 1e-24.
                assert!(places.iter().max() < Some(&40), "shift {shift}");
                assert!(tags.iter().max() < Some(&512), "128 expected, shift {shift}");
                assert!(shards.iter().max() < Some(&512), "64 expected, shift {shift}");
            }
        }
    }

    #[test]
    fn two_stores_hash_an_id_differently() {
        let id = EventId::from_bits(7);
        assert!(IdHashing::default().hash(id) != IdHashing::default().hash(id));
    }

    #[test]
    fn a_table_keeps_what_it_has_when_it_is_split() {
        let (hashing, mut table) = (IdHashing::default(), IdTable::new());
        let hash = |number: usize| hashing.hash(EventId::from_bits(number as u128));
        let ids = limits::WHOLE_ID_TABLE * 2;
        for number in 0..ids {
            assert_eq!(table.insert(hash(number), (number % 1_000) as u16), None);
        }
        assert_eq!(table.shards.len(), limits::ID_TABLE_SHARDS);
        for number in 0..ids {
            assert_eq!(table.get(hash(number)), Some((number % 1_000) as u16));
            assert_eq!(table.insert(hash(number), 9), Some((number % 1_000) as u16));
        }
        assert_eq!((table.get(hash(ids)), table.len()), (None, ids));
        table.remove(hash(5));
        table.remove(hash(ids));
        assert_eq!(table.len(), ids - 1);
        assert_eq!(table.get(hash(5)), None);
    }
}
