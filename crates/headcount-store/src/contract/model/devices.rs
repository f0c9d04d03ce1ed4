//! Devices with an id, as every store counts them.
//!
//! A device counts once a period, by the smallest weight of its events there.
//! Days live until [`keep_house`](crate::Store::keep_house) lets them expire.
//! With the first day of a period that expires and had a device, the number of
//! the period is kept. A device that comes later is estimated in a week and a
//! month, and in a day the number is at least the larger of what was kept and
//! what came later.
//!
//! The cohort of a week is kept with the first of its days that expires: what
//! comes later changes it no more. A device is new in a week if it was active
//! in none before, as far as is known: it is known as long as it has a day that
//! lives.
//!
//! An erased device is in no number that was not kept before.

use std::collections::{BTreeMap, BTreeSet};

use headcount_catalog::{Day, Period};

use crate::{CohortRow, Pseudonym};

/// The place of a version in its vocabulary; `None` for events without one.
pub(super) type VersionPlace = Option<usize>;

/// A device, the version that it told, and the weight of its event.
type Presence = (Pseudonym, VersionPlace, u16);

/// The devices of one product.
#[derive(Debug, Default)]
pub(super) struct Devices {
    days: BTreeMap<Day, BTreeSet<Presence>>,
    older: BTreeSet<Pseudonym>,
    kept: BTreeMap<(Period, Day), Kept>,
    cohorts: BTreeMap<(Day, Day), u64>,
}

/// What is known of a period of which a day has expired.
#[derive(Debug, Default)]
struct Kept {
    first: BTreeSet<Presence>,
    /// Those that came later, and whether they are erased.
    late: BTreeMap<Presence, bool>,
}

/// What a number of devices may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) least: u64,
    pub(super) most: u64,
    pub(super) is_kept: bool,
}

const PERIODS: [Period; 3] = [Period::Day, Period::Week, Period::Month];

/// Sums the smallest weight of each device.
fn weigh<'p>(all: impl Iterator<Item = &'p Presence>) -> u64 {
    let mut weights: BTreeMap<Pseudonym, u16> = BTreeMap::new();
    for (device, _, weight) in all {
        let least = weights.entry(*device).or_insert(*weight);
        *least = (*weight).min(*least);
    }
    weights.values().map(|weight| u64::from(*weight)).sum()
}

/// Counts a device once for each version and weight.
fn weigh_each<'p>(all: impl Iterator<Item = &'p Presence>) -> u64 {
    all.collect::<BTreeSet<_>>().iter().map(|(_, _, weight)| u64::from(*weight)).sum()
}

impl Devices {
    pub(super) fn see(&mut self, day: Day, presence: Presence) {
        self.days.entry(day).or_default().insert(presence);
        for period in PERIODS {
            if let Some(kept) = self.kept.get_mut(&(period, period.start(day))) {
                kept.late.insert(presence, false);
            }
        }
    }

    pub(super) fn erase(&mut self, device: Pseudonym) {
        self.days.values_mut().for_each(|day| day.retain(|(one, ..)| *one != device));
        self.days.retain(|_, day| !day.is_empty());
        self.older.remove(&device);
        for kept in self.kept.values_mut() {
            kept.late.iter_mut().for_each(|((one, ..), gone)| *gone |= *one == device);
        }
    }

    /// The days that have devices.
    pub(super) fn days(&self) -> impl Iterator<Item = Day> {
        self.days.keys().copied()
    }

    pub(super) fn expire(&mut self, day: Day) {
        let Some(gone) = self.days.get(&day).cloned() else { return };
        let week = day.week_start();
        if !self.kept.contains_key(&(Period::Week, week)) {
            let living = self.living_cohorts();
            self.cohorts.extend(living.into_iter().filter(|((cohort, _), _)| *cohort == week));
        }
        for period in PERIODS {
            let start = period.start(day);
            let of_period = self.days.iter().filter(|(day, _)| period.start(**day) == start);
            let first = of_period.flat_map(|(_, day)| day.iter().copied()).collect();
            let kept = Kept { first, late: BTreeMap::new() };
            self.kept.entry((period, start)).or_insert(kept);
        }
        self.days.remove(&day);
        let is_live =
            |device: &Pseudonym| self.days.values().flatten().any(|(one, ..)| one == device);
        for (device, ..) in gone {
            if is_live(&device) {
                self.older.insert(device);
            } else {
                self.older.remove(&device);
            }
        }
    }

    pub(super) fn expire_counts(&mut self, first: Day) {
        self.cohorts.retain(|(cohort, _), _| *cohort >= first);
        self.kept.retain(|(period, start), _| *start >= period.start(first));
    }

    /// The devices by period, of the versions that `is_asked` names.
    pub(super) fn active(
        &self,
        period: Period,
        is_within: impl Fn(Day) -> bool,
        is_asked: impl Fn(VersionPlace) -> bool,
    ) -> BTreeMap<Day, Bounds> {
        let mut live: BTreeMap<Day, Vec<&Presence>> = BTreeMap::new();
        for (day, presences) in &self.days {
            let asked = presences.iter().filter(|(_, version, _)| is_asked(*version));
            live.entry(period.start(*day)).or_default().extend(asked);
        }
        let mut all = BTreeMap::new();
        for (start, presences) in live {
            let devices = weigh(presences.into_iter());
            all.insert(start, Bounds { least: devices, most: devices, is_kept: false });
        }
        for ((_, start), kept) in self.kept.iter().filter(|((of, _), _)| *of == period) {
            all.insert(*start, kept.bounds(period, &is_asked));
        }
        all.retain(|start, bounds| is_within(*start) && bounds.most > 0);
        all
    }

    pub(super) fn retention(&self, is_within: impl Fn(Day) -> bool) -> Vec<CohortRow> {
        let mut all = self.cohorts.clone();
        all.extend(self.living_cohorts());
        let rows = all.into_iter().filter(|((cohort, _), _)| is_within(*cohort));
        rows.map(|((cohort, week), devices)| CohortRow { cohort, week, devices }).collect()
    }

    fn living_cohorts(&self) -> BTreeMap<(Day, Day), u64> {
        let mut weeks: BTreeMap<Day, Vec<&Presence>> = BTreeMap::new();
        for (day, presences) in &self.days {
            weeks.entry(day.week_start()).or_default().extend(presences);
        }
        let mut seen = self.older.clone();
        let mut cohorts = BTreeMap::new();
        for cohort in weeks.keys() {
            let devices = weeks[cohort].iter().map(|(device, ..)| *device);
            let new: BTreeSet<_> = devices.filter(|device| !seen.contains(device)).collect();
            seen.extend(&new);
            if self.kept.contains_key(&(Period::Week, *cohort)) {
                continue;
            }
            for (week, presences) in weeks.range(*cohort..) {
                let returned = presences.iter().copied().filter(|(one, ..)| new.contains(one));
                let devices = weigh(returned);
                if devices > 0 {
                    cohorts.insert((*cohort, *week), devices);
                }
            }
        }
        cohorts
    }
}

impl Kept {
    fn bounds(&self, period: Period, is_asked: impl Fn(VersionPlace) -> bool) -> Bounds {
        let is_asked = |presence: &&Presence| is_asked(presence.1);
        let first = || self.first.iter().filter(is_asked);
        let late = || self.late.keys().filter(is_asked);
        let counted = self.late.iter().filter(|(_, gone)| !**gone).map(|(one, _)| one);
        let least = match period {
            Period::Day => weigh(first()),
            _ => weigh(first().chain(counted.filter(is_asked))),
        };
        Bounds { least, most: weigh_each(first().chain(late())), is_kept: true }
    }
}
