//! The devices of the days whose raw events live, as bitmaps of their slots:
//! all of a day, and those of each version, by the weight of their events.

use std::collections::BTreeMap;

use headcount_catalog::Day;
use roaring::RoaringBitmap;

/// Which devices of a day are together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DeviceScope {
    /// All that are counted.
    All,
    /// Those with an event of this version, by its number; 0 if the event names
    /// none.
    Version(u32),
    /// Those that are not counted, because their homes are thrown away.
    Uncounted,
}

impl DeviceScope {
    /// The number in the tables.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Version(number) => i64::from(number),
            Self::All => -1,
            Self::Uncounted => -2,
        }
    }

    pub(super) fn of_number(number: i64) -> Option<Self> {
        match number {
            -1 => Some(Self::All),
            -2 => Some(Self::Uncounted),
            _ => u32::try_from(number).ok().map(Self::Version),
        }
    }
}

/// The devices of one day.
#[derive(Debug, Clone, Default)]
pub(super) struct DayDevices {
    /// By scope, then by weight, the smallest first.
    pub(super) sets: BTreeMap<DeviceScope, BTreeMap<u16, DeviceSet>>,
}

/// A set of slots, and what of it is on disk.
#[derive(Debug, Clone, Default)]
pub(super) struct DeviceSet {
    pub(super) all: RoaringBitmap,
    /// Those that are not on disk.
    pub(super) fresh: RoaringBitmap,
    /// Pieces on disk.
    pub(super) pieces: u32,
    /// Whether the pieces on disk have slots that are gone.
    pub(super) is_outdated: bool,
}

impl DeviceSet {
    fn insert(&mut self, slot: u32) -> bool {
        self.all.insert(slot) && self.fresh.insert(slot)
    }

    fn remove(&mut self, slot: u32) -> bool {
        let was_there = self.all.remove(slot);
        self.is_outdated |= was_there;
        self.fresh.remove(slot);
        was_there
    }
}

impl DayDevices {
    /// Puts a device into a set. Returns whether it is new there.
    pub(super) fn insert(&mut self, scope: DeviceScope, weight: u16, slot: u32) -> bool {
        self.sets.entry(scope).or_default().entry(weight).or_default().insert(slot)
    }

    /// Takes a device out of all sets. Returns whether it was in one.
    pub(super) fn remove(&mut self, slot: u32) -> bool {
        let sets = self.sets.values_mut().flat_map(BTreeMap::values_mut);
        sets.fold(false, |was_there, set| set.remove(slot) | was_there)
    }

    /// All slots of the day, whether counted or not.
    pub(super) fn slots(&self) -> RoaringBitmap {
        let scopes = [DeviceScope::All, DeviceScope::Uncounted];
        let sets =
            scopes.iter().filter_map(|scope| self.sets.get(scope)).flat_map(BTreeMap::values);
        sets.fold(RoaringBitmap::new(), |all, set| all | &set.all)
    }

    /// Whether it has a device that is counted.
    pub(super) fn has_counted(&self) -> bool {
        let sets = self.sets.get(&DeviceScope::All).into_iter().flat_map(BTreeMap::values);
        sets.into_iter().any(|set| !set.all.is_empty())
    }

    /// Puts the devices of versions that are gone to those of another one.
    pub(super) fn fold_versions(&mut self, gone: &[u32], other: u32) {
        for version in gone {
            let Some(sets) = self.sets.get_mut(&DeviceScope::Version(*version)) else { continue };
            let mut moved = BTreeMap::new();
            for (weight, set) in sets {
                moved.insert(*weight, std::mem::take(&mut set.all));
                set.fresh.clear();
                set.is_outdated = true;
            }
            let into = self.sets.entry(DeviceScope::Version(other)).or_default();
            for (weight, slots) in moved {
                let set = into.entry(weight).or_default();
                set.fresh |= &slots - &set.all;
                set.all |= slots;
            }
        }
    }
}

/// Devices by weight, none of them twice: a device is with its smallest weight.
pub(in crate::embedded) type ByWeight = BTreeMap<u16, RoaringBitmap>;

/// The devices of several days that are in a scope.
pub(super) fn union<'a>(
    days: impl Iterator<Item = &'a DayDevices>,
    is_in: impl Fn(DeviceScope) -> bool,
) -> ByWeight {
    let mut by_weight = ByWeight::new();
    for day in days {
        for (_, sets) in day.sets.iter().filter(|(scope, _)| is_in(**scope)) {
            for (weight, set) in sets {
                *by_weight.entry(*weight).or_default() |= &set.all;
            }
        }
    }
    by_smallest(&mut by_weight);
    by_weight
}

/// Leaves each device with its smallest weight.
pub(in crate::embedded) fn by_smallest(by_weight: &mut ByWeight) {
    let mut seen = RoaringBitmap::new();
    for set in by_weight.values_mut() {
        *set -= &seen;
        seen |= &*set;
    }
}

/// How many devices they stand for.
pub(in crate::embedded) fn weigh(by_weight: &ByWeight) -> u64 {
    by_weight.iter().map(|(weight, set)| u64::from(*weight) * set.len()).sum()
}

/// The devices of each day of a product.
pub(super) type Days = BTreeMap<Day, DayDevices>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_counts_by_its_smallest_weight() {
        let [mut one, mut other] = [DayDevices::default(), DayDevices::default()];
        one.insert(DeviceScope::All, 10, 1);
        one.insert(DeviceScope::All, 10, 2);
        other.insert(DeviceScope::All, 2, 1);
        other.insert(DeviceScope::Uncounted, 1, 2);
        let all = union([&one, &other].into_iter(), |scope| scope == DeviceScope::All);
        assert_eq!(weigh(&all), 12);
        assert_eq!((other.slots().len(), other.remove(2), other.remove(2)), (2, true, false));
    }

    #[test]
    fn devices_of_versions_that_are_gone_are_with_the_other() {
        let mut day = DayDevices::default();
        for (version, slot) in [(5, 1), (6, 1), (6, 2), (7, 3)] {
            day.insert(DeviceScope::Version(version), 1, slot);
        }
        day.fold_versions(&[5, 6, 99], 1);
        let of =
            |version| weigh(&union([&day].into_iter(), |it| it == DeviceScope::Version(version)));
        assert_eq!([1, 5, 6, 7].map(of), [2, 0, 0, 1]);
    }
}
