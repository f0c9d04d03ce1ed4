//! The counts of one series and day, and their bytes.
//!
//! ```text
//! cells = cell*
//! cell  = version one other (count * 3 + outcome)      all LEB128
//! ```
//!
//! Cells are sorted. The version is the difference to the one before; `one` too
//! if the version is the same; `other` too if `one` is the same.

use std::collections::BTreeMap;

use crate::limits;

/// What a cell counts. Versions and values are numbers of
/// [`super::vocabulary`]; 0 stands for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CellKey {
    pub(super) version: u32,
    /// The event, the value, or the bucket of a histogram.
    pub(super) one: u32,
    /// The value of the second column.
    pub(super) other: u32,
    pub(super) outcome: EventOutcome,
}

/// Whether an event says that it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EventOutcome {
    Unsaid,
    Worked,
    Failed,
}

impl EventOutcome {
    pub(super) const ALL: [Self; 3] = [Self::Unsaid, Self::Worked, Self::Failed];
}

/// Counts by what they count.
pub(super) type Cells = BTreeMap<CellKey, u64>;

/// Writes cells.
pub(super) fn encode(cells: &Cells) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(cells.len() * 5);
    let (mut version, mut one, mut other) = (0, 0, 0);
    for (key, count) in cells {
        push(&mut bytes, u64::from(key.version - version));
        if key.version != version {
            (one, other) = (0, 0);
        }
        push(&mut bytes, u64::from(key.one - one));
        if key.one != one {
            other = 0;
        }
        push(&mut bytes, u64::from(key.other - other));
        push(&mut bytes, count.saturating_mul(3).saturating_add(key.outcome as u64));
        (version, one, other) = (key.version, key.one, key.other);
    }
    bytes
}

/// Calls `each` with every cell. `None` if the bytes are not those of cells.
pub(super) fn decode(mut bytes: &[u8], mut each: impl FnMut(CellKey, u64)) -> Option<()> {
    let (mut version, mut one, mut other) = (0_u32, 0_u32, 0_u32);
    while !bytes.is_empty() {
        let mut next = || pull(&mut bytes);
        let step = u32::try_from(next()?).ok()?;
        if step != 0 {
            (one, other) = (0, 0);
        }
        version = version.checked_add(step)?;
        let step = u32::try_from(next()?).ok()?;
        if step != 0 {
            other = 0;
        }
        one = one.checked_add(step)?;
        other = other.checked_add(u32::try_from(next()?).ok()?)?;
        let count = next()?;
        let outcome = EventOutcome::ALL[(count % 3) as usize];
        each(CellKey { version, one, other, outcome }, count / 3);
    }
    Some(())
}

/// What stands for values that have no row, in the version and in the two
/// columns of a series; `None` where it is not a value.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Others {
    pub(super) version: Option<u32>,
    pub(super) one: Option<u32>,
    pub(super) other: Option<u32>,
}

/// Counts the rarest cells under `other`, until there are no more than
/// [`limits::CELLS`]: first without their version, then without their values.
pub(super) fn bound(cells: &mut Cells, others: Others) {
    let folds: [fn(&mut CellKey, Others); 3] = [
        |key, others| key.version = others.version.unwrap_or(key.version),
        |key, others| key.other = others.other.unwrap_or(key.other),
        |key, others| key.one = others.one.unwrap_or(key.one),
    ];
    for fold in folds {
        if cells.len() <= limits::CELLS {
            return;
        }
        let mut rarest: Vec<_> = cells.iter().map(|(key, count)| (*count, *key)).collect();
        rarest.sort_unstable();
        for (_, key) in rarest {
            if cells.len() <= limits::CELLS {
                return;
            }
            // A cell that an earlier one was counted under holds more by now.
            let count = cells.remove(&key).unwrap_or(0);
            let mut folded = key;
            fold(&mut folded, others);
            *cells.entry(folded).or_default() += count;
        }
    }
}

fn push(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn pull(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(version: u32, one: u32, other: u32) -> CellKey {
        CellKey { version, one, other, outcome: EventOutcome::Failed }
    }

    fn read(bytes: &[u8]) -> Option<Cells> {
        let mut cells = Cells::new();
        decode(bytes, |key, count| *cells.entry(key).or_default() += count).map(|()| cells)
    }

    #[test]
    fn cells_are_read_back() {
        let most = u32::MAX;
        let keys = [key(0, 0, 0), key(0, 0, 9), key(0, 7, 1), key(3, 7, 1), key(most, most, most)];
        let mut cells = Cells::from(keys.map(|key| (key, u64::from(key.one) + 1)));
        let worked = CellKey { outcome: EventOutcome::Worked, ..keys[2] };
        cells.insert(worked, 1 << 40);
        assert_eq!(read(&encode(&cells)), Some(cells));
        assert_eq!(read(&[]), Some(Cells::new()));
    }

    #[test]
    fn every_truncation_is_fewer_cells_or_refused() {
        let bytes = encode(&Cells::from([(key(1, 2, 3), 500), (key(900, 2, 3), 1)]));
        for end in 1..bytes.len() {
            let read = read(&bytes[..end]);
            assert!(read.is_none_or(|cells| cells.len() == 1), "{end}");
        }
        assert_eq!(read(&[0xff; 12]), None);
    }

    #[test]
    fn too_many_cells_keep_their_sum_and_the_most_frequent() {
        let mut cells: Cells = (0..30_000).map(|one| (key(one, one % 7, 0), 1)).collect();
        cells.insert(key(99_999, 0, 0), 50);
        bound(&mut cells, Others { version: Some(5), ..Others::default() });
        assert!(cells.len() <= limits::CELLS);
        assert_eq!((cells.values().sum::<u64>(), cells[&key(99_999, 0, 0)]), (30_050, 50));
    }
}
