//! A filter that says of most ids that they are not in a segment: a split-block
//! Bloom filter. Source: `BloomFilter.md` of the Parquet format. The hash is
//! keyed, because senders choose their ids.

use headcount_catalog::EventId;

use super::SealedDamage;
use crate::block::{ByteReader, Damage, xxh64};
use crate::limits;
use crate::mixing::{GOLDEN, fold, split_mix};

/// Odd numbers that turn a hash into one bit of each word. Source: as above.
const SALT: [u32; 8] = [
    0x47b6_137b,
    0x4497_4d91,
    0x8824_ad5b,
    0xa2b7_289d,
    0x7054_95c7,
    0x2df1_424b,
    0x9efc_4947,
    0x5c6b_fb31,
];

/// 256 bits, within one line of the processor's cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C, align(32))]
struct FilterBlock([u32; 8]);

/// The filter of one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdFilter {
    seed: u64,
    /// What the hash is keyed with, made of the seed.
    keys: [u64; 2],
    blocks: Vec<FilterBlock>,
}

fn keys(seed: u64) -> [u64; 2] {
    [1, 2].map(|place| split_mix(seed.wrapping_add(GOLDEN.wrapping_mul(place))))
}

impl IdFilter {
    /// A filter for this many ids. The seed should be random.
    pub(crate) fn new(ids: usize, seed: u64) -> Self {
        let blocks = (ids * limits::FILTER_BITS).div_ceil(256).max(1);
        Self { seed, keys: keys(seed), blocks: vec![FilterBlock([0; 8]); blocks] }
    }

    pub(crate) fn insert(&mut self, id: EventId) {
        let hash = self.hash(id);
        let place = self.place(hash);
        let block = &mut self.blocks[place].0;
        block.iter_mut().zip(SALT).for_each(|(word, salt)| *word |= bit(hash, salt));
    }

    /// Whether an id may be in the segment.
    #[cfg(test)]
    pub(crate) fn may_have(&self, id: EventId) -> bool {
        let hash = self.hash(id);
        self.has(hash, self.place(hash))
    }

    /// Sets an entry of `may_have` for each id that may be in the segment, and
    /// leaves the others. It looks at the blocks only after it knows many of
    /// their places, so that the processor fetches them at the same time.
    pub(crate) fn probe_all(&self, ids: &[EventId], may_have: &mut [bool]) {
        const AT_ONCE: usize = 64;
        let mut hashes = [(0u64, 0usize); AT_ONCE];
        for (ids, may_have) in ids.chunks(AT_ONCE).zip(may_have.chunks_mut(AT_ONCE)) {
            for (entry, id) in hashes.iter_mut().zip(ids) {
                let hash = self.hash(*id);
                *entry = (hash, self.place(hash));
            }
            for ((hash, place), may_have) in hashes.iter().zip(may_have) {
                *may_have |= self.has(*hash, *place);
            }
        }
    }

    /// The bytes of memory and of the file.
    pub(crate) fn bytes(&self) -> usize {
        self.blocks.len() * size_of::<FilterBlock>()
    }

    /// The upper half chooses the block, the lower half the bits.
    fn place(&self, hash: u64) -> usize {
        (((hash >> 32) * self.blocks.len() as u64) >> 32) as usize
    }

    /// Without a branch on each word: eight words at once.
    fn has(&self, hash: u64, place: usize) -> bool {
        let block = &self.blocks[place].0;
        let missing = block.iter().zip(SALT).map(|(word, salt)| !word & bit(hash, salt));
        missing.fold(0, |all, bits| all | bits) == 0
    }

    /// Multiplies to 128 bits and folds these, twice.
    fn hash(&self, id: EventId) -> u64 {
        let (upper, lower) = ((id.bits() >> 64) as u64, id.bits() as u64);
        let [one, other] = self.keys;
        let once = fold(upper ^ one, lower ^ other);
        fold(once ^ lower, other | 1)
    }

    /// Returns the bytes: seed, checksum, blocks.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(16 + self.bytes());
        out.extend_from_slice(&self.seed.to_le_bytes());
        out.extend_from_slice(&[0; 8]);
        let words = self.blocks.iter().flat_map(|block| block.0);
        words.for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
        let checksum = xxh64(&out[16..]) ^ self.seed;
        out[8..16].copy_from_slice(&checksum.to_le_bytes());
        out
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, SealedDamage> {
        let mut reader = ByteReader::new(bytes);
        let seed = u64::from_le_bytes(reader.array()?);
        let checksum = u64::from_le_bytes(reader.array()?);
        let rest = &bytes[16..];
        if checksum != xxh64(rest) ^ seed {
            return Err(Damage::Checksum.into());
        }
        let (blocks, rest) = rest.as_chunks::<{ size_of::<FilterBlock>() }>();
        if blocks.is_empty() || !rest.is_empty() {
            return Err(Damage::CutShort.into());
        }
        let block = |bytes: &[u8; 32]| {
            let words = bytes.as_chunks::<4>().0;
            FilterBlock(std::array::from_fn(|place| u32::from_le_bytes(words[place])))
        };
        Ok(Self { seed, keys: keys(seed), blocks: blocks.iter().map(block).collect() })
    }
}

fn bit(hash: u64, salt: u32) -> u32 {
    1 << ((hash as u32).wrapping_mul(salt) >> 27)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::SeededRandom;

    #[test]
    fn a_filter_has_every_id_and_few_others() {
        let mut random = SeededRandom::new(3);
        let mut id = || EventId::from_bits(u128::from(random.next()) << 64 | 7);
        let ids: Vec<_> = (0..20_000).map(|_| id()).collect();
        let others: Vec<_> = (0..20_000).map(|_| id()).collect();
        let mut filter = IdFilter::new(ids.len(), 11);
        ids.iter().for_each(|id| filter.insert(*id));
        let filter = IdFilter::decode(&filter.encode()).expect("as it was written");
        assert!(ids.iter().all(|id| filter.may_have(*id)));
        let mut found = vec![false; others.len()];
        filter.probe_all(&others, &mut found);
        let wrong = found.iter().filter(|found| **found).count();
        assert!((20..200).contains(&wrong), "{wrong} of 20,000");
        assert!(found.iter().zip(&others).all(|(found, id)| *found == filter.may_have(*id)));
    }

    /// Ids that count up, that differ in their upper bits alone, or that are
    /// all of one day.
    #[test]
    fn ids_with_a_pattern_are_spread_as_well() {
        for place in [0, 40, 62, 64, 100, 112] {
            let id = |number: u128| EventId::from_bits(number << place);
            let mut filter = IdFilter::new(10_000, 5);
            (0..10_000).for_each(|number| filter.insert(id(number)));
            let wrong = (10_000..20_000).filter(|number| filter.may_have(id(*number))).count();
            assert!(wrong < 150 || place == 112 && wrong < 2_000, "{wrong} at {place}");
        }
    }

    #[test]
    fn a_damaged_filter_is_not_used() {
        let mut filter = IdFilter::new(100, 9);
        (0..100).for_each(|id| filter.insert(EventId::from_bits(id)));
        let bytes = filter.encode();
        for place in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1;
            assert!(IdFilter::decode(&damaged).is_err(), "byte {place}");
            assert!(IdFilter::decode(&bytes[..place]).is_err(), "cut to {place}");
        }
    }
}
