//! Rows in memory on their way into a segment or out of one: devices are slots,
//! and rows can be put in any order.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use headcount_catalog::{Day, EventId};

use super::columns::{RowPick, SealedColumn, copy};
use super::one_schema::SchemaPlaces;
use super::slots::DeviceSlots;
use crate::{
    Cells, ColumnRole, DayRows, Pseudonym, RowDevice, RowHead, RowMarks, RowSchema, limits,
};

/// Rows of one product, day and schema.
#[derive(Debug, Clone)]
pub(crate) struct SealedRows {
    pub(super) schema: Arc<RowSchema>,
    pub(super) day: Day,
    pub(super) ids: Vec<EventId>,
    pub(super) contents: Vec<u32>,
    pub(super) heads: Vec<SealedHead>,
    pub(super) columns: Vec<SealedColumn>,
}

/// As a [`RowHead`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SealedHead {
    pub(super) event: u16,
    pub(super) weight: u16,
    pub(super) marks: RowMarks,
    pub(super) device: SlotDevice,
}

/// As a [`RowDevice`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SlotDevice {
    None,
    Counted(u32),
    Ephemeral(u32),
}

impl SlotDevice {
    /// Brings a device to its slot.
    pub(crate) fn of(device: RowDevice, slots: &mut (impl DeviceSlots + ?Sized)) -> Self {
        match device {
            RowDevice::None => Self::None,
            RowDevice::Counted(device) => Self::Counted(slots.slot(device)),
            RowDevice::Ephemeral(device) => Self::Ephemeral(slots.slot(device)),
        }
    }

    /// The slot, if the event names a device.
    pub(crate) fn slot(self) -> Option<u32> {
        match self {
            Self::None => None,
            Self::Counted(slot) | Self::Ephemeral(slot) => Some(slot),
        }
    }
}

impl SealedRows {
    pub(super) fn new(schema: Arc<RowSchema>, day: Day) -> Self {
        let columns = schema.columns().iter().map(|column| SealedColumn::new(column.kind));
        let columns = columns.collect();
        let (ids, contents, heads) = (Vec::new(), Vec::new(), Vec::new());
        Self { schema, day, ids, contents, heads, columns }
    }

    /// Brings rows to the schema of a segment. `devices` has one entry a row.
    pub(crate) fn of(rows: DayRows, places: &SchemaPlaces, devices: &[SlotDevice]) -> Self {
        let (day, count) = (rows.day(), rows.len());
        let ((ids, contents, heads), columns) = rows.into_parts();
        let head = |(head, device): (RowHead, &SlotDevice)| SealedHead {
            event: places.event(head.event),
            weight: head.weight,
            marks: head.marks,
            device: *device,
        };
        let heads = heads.into_iter().zip(devices).map(head).collect();
        let columns = columns.into_iter().map(|column| SealedColumn::of(column, count));
        let columns = places.columns(columns.collect(), count);
        Self { schema: Arc::clone(places.schema()), day, ids, contents, heads, columns }
    }

    /// Brings rows of a segment to another schema.
    pub(crate) fn in_schema(mut self, places: &SchemaPlaces) -> Self {
        self.heads.iter_mut().for_each(|head| head.event = places.event(head.event));
        let columns = places.columns(self.columns, self.ids.len());
        Self { schema: Arc::clone(places.schema()), columns, ..self }
    }

    /// Returns the rows as they were before they were sealed. A device without
    /// a pseudonym has been erased, and these rows are about to be.
    pub(crate) fn into_rows(self, slots: &dyn DeviceSlots) -> DayRows {
        let named = |slot, device: fn(Pseudonym) -> RowDevice| {
            slots.pseudonym(slot).map_or(RowDevice::None, device)
        };
        let head = |head: &SealedHead| RowHead {
            event: head.event,
            weight: head.weight,
            marks: head.marks,
            device: match head.device {
                SlotDevice::None => RowDevice::None,
                SlotDevice::Counted(slot) => named(slot, RowDevice::Counted),
                SlotDevice::Ephemeral(slot) => named(slot, RowDevice::Ephemeral),
            },
        };
        let heads = self.heads.iter().map(head).collect();
        let columns = self.columns.into_iter().map(SealedColumn::into_cells).collect();
        DayRows::from_parts(self.schema, self.day, (self.ids, self.contents, heads), columns)
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub(crate) fn ids(&self) -> &[EventId] {
        &self.ids
    }

    /// The slots of the devices, one a row that names one.
    pub(crate) fn slots(&self) -> impl Iterator<Item = u32> {
        self.heads.iter().filter_map(|head| head.device.slot())
    }

    /// Whether they make a chunk.
    pub(super) fn is_full(&self) -> bool {
        let texts = || self.columns.iter().map(SealedColumn::text_bytes).sum::<usize>();
        self.len() >= limits::CHUNK_ROWS || texts() >= limits::CHUNK_TEXT_BYTES
    }

    /// Adds these rows of the sources, which are of the same schema and day, in
    /// this order.
    pub(super) fn gather(&mut self, sources: &[&Self], picks: &[RowPick]) {
        // A list at a time: the reads of one wait for each other less.
        let ids: Vec<_> = sources.iter().map(|source| &source.ids).collect();
        copy(&mut self.ids, &ids, picks);
        let contents: Vec<_> = sources.iter().map(|source| &source.contents).collect();
        copy(&mut self.contents, &contents, picks);
        let heads: Vec<_> = sources.iter().map(|source| &source.heads).collect();
        copy(&mut self.heads, &heads, picks);
        for (place, column) in self.columns.iter_mut().enumerate() {
            let sources: Vec<_> = sources.iter().map(|source| &source.columns[place]).collect();
            column.gather(&sources, picks);
        }
    }

    /// Copies the rows that `keep` wants, in order. `keep` has one entry a row.
    pub(crate) fn filtered(&self, keep: &[bool]) -> Self {
        let mut kept = Self::new(Arc::clone(&self.schema), self.day);
        let picks = keep.iter().enumerate().filter(|(_, keep)| **keep);
        let picks: Vec<_> = picks.map(|(row, _)| RowPick { source: 0, row: row as u32 }).collect();
        kept.gather(&[self], &picks);
        kept
    }

    /// Which rows have none of these devices, and none of these accounts in a
    /// column of accounts.
    pub(crate) fn without(
        &self,
        devices: &HashSet<u32>,
        accounts: &HashSet<Pseudonym>,
    ) -> Vec<bool> {
        let is_other = |slot: Option<u32>| slot.is_none_or(|slot| !devices.contains(&slot));
        let mut keep: Vec<bool> =
            self.heads.iter().map(|head| is_other(head.device.slot())).collect();
        for (column, shape) in self.columns.iter().zip(self.schema.columns()) {
            if let (ColumnRole::Account, Cells::Pseudonyms(all)) = (shape.role, &column.cells) {
                for (row, account) in column.presence.present().zip(all) {
                    keep[row as usize] &= !accounts.contains(account);
                }
            }
        }
        keep
    }

    /// Cuts rows of any order into parts of a chunk each, sorted by id.
    pub(crate) fn sorted_chunks(sources: &[Self], mut each: impl FnMut(Self)) {
        let Some(first) = sources.first() else { return };
        let picks = Self::sorted_picks(sources);
        let sources: Vec<_> = sources.iter().collect();
        let mut open = Self::new(Arc::clone(&first.schema), first.day);
        for some in picks.chunks(Self::AT_ONCE) {
            open.gather(&sources, some);
            if open.is_full() {
                let next = Self::new(Arc::clone(&first.schema), first.day);
                each(std::mem::replace(&mut open, next));
            }
        }
        if !open.is_empty() {
            each(open);
        }
    }

    /// All rows, sorted by id: by the upper half of each, which lies beside the
    /// row, and by the whole only where two are alike in it.
    fn sorted_picks(sources: &[Self]) -> Vec<RowPick> {
        let mut keys = Vec::with_capacity(sources.iter().map(Self::len).sum());
        for (source, rows) in sources.iter().enumerate() {
            let of = |(row, id): (usize, &EventId)| {
                ((id.bits() >> 64) as u64, RowPick { source: source as u32, row: row as u32 })
            };
            keys.extend(rows.ids.iter().enumerate().map(of));
        }
        let id = |pick: RowPick| sources[pick.source as usize].ids[pick.row as usize];
        sort_spread(keys, |(one, pick), (other, other_pick)| {
            one.cmp(other).then_with(|| id(*pick).cmp(&id(*other_pick)))
        })
    }

    /// Rows that are copied column by column: more would overrun a chunk that
    /// ends early, fewer would cost more.
    pub(super) const AT_ONCE: usize = 4_096;
}

/// Sorts by a number that is mostly spread evenly, as the time or the random
/// bits of an id are: by its place between the least and the greatest, and then
/// within the few that have the same.
fn sort_spread<T: Copy>(
    mut all: Vec<(u64, T)>,
    order: impl Fn(&(u64, T), &(u64, T)) -> Ordering,
) -> Vec<T> {
    const EACH: usize = 16;
    let keys = || all.iter().map(|(key, _)| *key);
    let (Some(least), Some(greatest)) = (keys().min(), keys().max()) else { return Vec::new() };
    let span = greatest - least;
    // A shift is cheaper than a division.
    let buckets = (all.len() / EACH).max(2).next_power_of_two();
    let shift = (u64::BITS - span.leading_zeros()).saturating_sub(buckets.ilog2());
    let bucket = |key: u64| ((key - least) >> shift) as usize;
    let mut ends = vec![0u32; buckets];
    keys().for_each(|key| ends[bucket(key)] += 1);
    let mut end = 0;
    for count in &mut ends {
        end += std::mem::replace(count, end);
    }
    let mut sorted = vec![all[0]; all.len()];
    for entry in all.drain(..) {
        let place = &mut ends[bucket(entry.0)];
        sorted[*place as usize] = entry;
        *place += 1;
    }
    let mut start = 0;
    for end in ends {
        sorted[start..end as usize].sort_unstable_by(|one, other| order(one, other));
        start = end as usize;
    }
    sorted.into_iter().map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::SeededRandom;

    #[test]
    fn whatever_the_spread_of_numbers_they_are_sorted() {
        let mut random = SeededRandom::new(4);
        for shift in [0, 1, 30, 60, 63] {
            for count in [0, 1, 2, 15, 16, 17, 1_000] {
                let mut keys: Vec<u64> = (0..count).map(|_| random.next() >> shift).collect();
                keys.extend([0, u64::MAX].into_iter().take(count / 16));
                let all: Vec<_> = keys.iter().map(|key| (*key, *key)).collect();
                let sorted = sort_spread(all, |one, other| one.0.cmp(&other.0));
                keys.sort_unstable();
                assert_eq!(sorted, keys, "{count} of {} bits", 64 - shift);
            }
        }
    }
}
