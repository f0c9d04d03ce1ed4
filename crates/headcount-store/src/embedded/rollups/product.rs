//! The rollups of one product.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use headcount_catalog::{Age, Day, Period};
use roaring::RoaringBitmap;

use super::counting::{RowNotes, SchemaCounts};
use super::day_devices::{Days, DeviceScope};
use super::device_table::{DeviceTable, Seen};
use super::series::Series;
use super::vocabularies::Vocabularies;
use super::vocabulary::Teller;
use crate::{DayRows, RowDevice};

/// What a product's rollups hold in memory: its devices, its vocabularies, and
/// what was counted since the last write.
#[derive(Debug, Default)]
pub(super) struct ProductRollups {
    pub(super) vocabularies: Vocabularies,
    pub(super) series: HashMap<Series, i64>,
    pub(super) devices: DeviceTable,
    pub(super) days: Days,
    /// Live devices that were active in a week of which a day has expired: they
    /// are new in no week that lives.
    pub(super) older: RoaringBitmap,
    pub(super) is_older_changed: bool,
    /// Periods of which a day with devices has expired, and whether a device
    /// came later.
    pub(super) frozen: BTreeMap<(Period, Day), bool>,
    pub(super) newly_late: BTreeSet<(Period, Day)>,
    /// Whether an event has ever marked a period.
    pub(super) has_marks: bool,
    pub(super) marks: BTreeMap<MarkKey, u64>,
    /// The weight of all events since the last write.
    pub(super) events: u64,
    pub(super) counts: Vec<SchemaCounts>,
}

/// What marks are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MarkKey {
    pub(super) period: Period,
    pub(super) start: Day,
    pub(super) age: Option<Age>,
    pub(super) version: u32,
}

impl ProductRollups {
    /// Counts rows.
    pub(super) fn add(&mut self, rows: &DayRows, notes: &mut RowNotes) {
        self.find_tellers(rows, &mut notes.tellers);
        let known =
            self.counts.iter().position(|counts| Arc::ptr_eq(&counts.schema, rows.schema()));
        let place = known.unwrap_or_else(|| {
            let counts = SchemaCounts::new(rows.schema(), &mut self.vocabularies);
            self.counts.push(counts);
            self.counts.len() - 1
        });
        self.counts[place].add(rows, &mut self.vocabularies, notes);
        self.events += rows.heads().iter().map(|head| u64::from(head.weight)).sum::<u64>();
        self.add_devices(rows, notes);
        self.add_marks(rows, notes);
    }

    /// Finds out who tells each row. Every device has a slot from here on.
    fn find_tellers(&mut self, rows: &DayRows, tellers: &mut Vec<Teller>) {
        let day_is_marked = |head: &crate::RowHead| {
            head.marks.byte() != 0 && head.marks.periods().any(|period| period == Period::Day)
        };
        self.has_marks |= rows.heads().iter().any(|head| head.marks.periods().next().is_some());
        tellers.clear();
        for head in rows.heads() {
            tellers.push(match head.device {
                RowDevice::Counted(device) => Teller::Device(self.devices.slot(device)),
                RowDevice::Ephemeral(_) => Teller::Nobody,
                RowDevice::None if day_is_marked(head) => Teller::Unnamed,
                // A product that tells devices apart neither way: each event
                // counts.
                RowDevice::None if !self.has_marks && self.devices.end() == 0 => Teller::Unnamed,
                RowDevice::None => Teller::Nobody,
            });
        }
    }

    fn add_devices(&mut self, rows: &DayRows, notes: &RowNotes) {
        let day = rows.day();
        for ((head, teller), version) in
            rows.heads().iter().zip(&notes.tellers).zip(notes.versions())
        {
            let (slot, seen) = match (head.device, teller) {
                (RowDevice::Counted(_), Teller::Device(slot)) => {
                    (*slot, Seen { day, version: *version, weight: head.weight })
                }
                (RowDevice::Ephemeral(device), _) => {
                    // No event has the weight 0.
                    (self.devices.slot(device), Seen { day, version: 0, weight: 0 })
                }
                _ => continue,
            };
            if self.devices.see(slot, seen) {
                self.see(slot, seen);
            }
        }
    }

    /// Puts a device into the sets of a day.
    #[cold]
    fn see(&mut self, slot: u32, seen: Seen) {
        let sets = self.days.entry(seen.day).or_default();
        if seen.weight == 0 {
            sets.insert(DeviceScope::Uncounted, 1, slot);
            return;
        }
        let is_new = sets.insert(DeviceScope::Version(seen.version), seen.weight, slot)
            | sets.insert(DeviceScope::All, seen.weight, slot);
        if is_new && !self.frozen.is_empty() {
            for (period, _) in Period::ALL {
                let key = (period, period.start(seen.day));
                if let Some(is_late) = self.frozen.get_mut(&key).filter(|is_late| !**is_late) {
                    *is_late = true;
                    self.newly_late.insert(key);
                }
            }
        }
    }

    fn add_marks(&mut self, rows: &DayRows, notes: &RowNotes) {
        if !self.has_marks {
            return;
        }
        for (head, version) in rows.heads().iter().zip(notes.versions()) {
            if head.marks.byte() == 0 {
                continue;
            }
            for period in head.marks.periods() {
                let start = period.start(rows.day());
                let key = MarkKey { period, start, age: head.marks.age(), version: *version };
                *self.marks.entry(key).or_default() += u64::from(head.weight);
            }
        }
    }

    /// Takes a device out of everything. Its slot is never given again.
    pub(super) fn erase(&mut self, slot: u32) {
        self.days.values_mut().for_each(|day| {
            day.remove(slot);
        });
        self.forget(slot);
    }

    /// Forgets a device that is in no set any more.
    pub(super) fn forget(&mut self, slot: u32) {
        self.devices.forget(slot);
        self.is_older_changed |= self.older.remove(slot);
        self.vocabularies.all_mut().for_each(|vocabulary| vocabulary.forget_device(slot));
    }
}
