//! Counts devices: those that a commit makes active for the first time in a
//! day, a week or a month, and the marks of those without an id.

use std::collections::{BTreeMap, HashMap, HashSet};

use headcount_catalog::{Age, Day, Period};

use super::memory::{Memory, OpenDay};
use crate::block::Columns;
use crate::{EventRow, Pseudonym};

/// Devices by period.
pub(super) type DeviceCounts<'c> = BTreeMap<PeriodKey<'c>, u64>;

/// Marks by period and age.
pub(super) type MarkCounts<'c> = BTreeMap<(PeriodKey<'c>, Option<Age>), u64>;

/// One period of a product.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PeriodKey<'c> {
    pub(super) product: &'c str,
    pub(super) period: Period,
    pub(super) start: Day,
}

impl<'c> PeriodKey<'c> {
    fn of(product: &'c str, period: Period, day: Day) -> Self {
        Self { product, period, start: period.start(day) }
    }
}

/// The devices of one product and day in a commit.
#[derive(Clone, Copy)]
pub(super) struct DayDevices<'c, 'd> {
    pub(super) product: &'c str,
    pub(super) day: Day,
    pub(super) columns: &'d Columns<'c>,
}

/// The periods that a device can be new in besides its day.
const LONGER: [Period; 2] = [Period::Week, Period::Month];

/// A day that is in the week or the month of another one.
struct NearDay<'a> {
    devices: KnownDevices<'a>,
    /// Whether it is in the same one of each of [`LONGER`].
    is_inside: [bool; 2],
}

/// The devices of a day that has been committed, or that is before the other
/// one in the same commit.
enum KnownDevices<'a> {
    Committed(&'a OpenDay),
    InThisCommit(&'a Columns<'a>),
}

/// Counts the devices that no earlier event of their day, week or month names.
pub(super) fn new_devices<'c>(memory: &Memory, days: &[DayDevices<'c, '_>]) -> DeviceCounts<'c> {
    let mut counts = DeviceCounts::new();
    for (place, DayDevices { product, day, columns }) in days.iter().enumerate() {
        let known = memory.days(product);
        let today = known.and_then(|known| known.get(day));
        let is_new = |device: &&Pseudonym| today.is_none_or(|day| !day.devices.contains(device));
        let mut new = columns.devices().iter().filter(is_new).peekable();
        if new.peek().is_none() {
            continue;
        }
        let near = near_days(known, &days[..place], &days[place]);
        let (mut of_day, mut longer) = (0, [0; 2]);
        for device in new {
            of_day += 1;
            let is_known = known_in(&near, *device);
            longer.iter_mut().zip(is_known).for_each(|(sum, known)| *sum += u64::from(!known));
        }
        let sums = [(Period::Day, of_day), (LONGER[0], longer[0]), (LONGER[1], longer[1])];
        for (period, sum) in sums.into_iter().filter(|(_, sum)| *sum > 0) {
            *counts.entry(PeriodKey::of(product, period, *day)).or_default() += sum;
        }
    }
    counts
}

/// Whether a device has been active on another day of each of [`LONGER`].
fn known_in(near: &[NearDay<'_>], device: Pseudonym) -> [bool; 2] {
    let mut known = [false; 2];
    for NearDay { devices, is_inside } in near {
        let tells_more = is_inside.iter().zip(known).any(|(inside, known)| *inside && !known);
        let has_it = |devices: &KnownDevices<'_>| match devices {
            KnownDevices::Committed(day) => day.devices.contains(&device),
            KnownDevices::InThisCommit(columns) => columns.has_device(device),
        };
        if tells_more && has_it(devices) {
            known.iter_mut().zip(is_inside).for_each(|(known, inside)| *known |= inside);
            if known == [true; 2] {
                break;
            }
        }
    }
    known
}

/// The other days of the week and of the month of a day: those before it in the
/// commit, then those that have been committed, the nearest first, because a
/// device that was active before was so most likely the day before.
fn near_days<'a>(
    known: Option<&'a HashMap<Day, OpenDay>>,
    before: &'a [DayDevices<'_, '_>],
    here: &DayDevices<'_, '_>,
) -> Vec<NearDay<'a>> {
    let inside = |other: Day| LONGER.map(|period| period.start(other) == period.start(here.day));
    let of_commit = before.iter().filter(|other| other.product == here.product).map(|other| {
        let devices = KnownDevices::InThisCommit(other.columns);
        NearDay { devices, is_inside: inside(other.day) }
    });
    // No month has more than 31 days.
    let days = (1..=31).flat_map(|days| [here.day.plus(-days), here.day.plus(days)]);
    let committed = days.filter_map(|other| {
        let devices = KnownDevices::Committed(known?.get(&other)?);
        Some(NearDay { devices, is_inside: inside(other) })
    });
    of_commit.chain(committed).filter(|near| near.is_inside != [false; 2]).collect()
}

/// Counts all devices by week and month. Besides what is in memory anyway, it
/// holds the devices of one week or month of one product at a time.
pub(super) fn all_devices(memory: &Memory) -> DeviceCounts<'_> {
    let mut counts = DeviceCounts::new();
    for (product, days) in memory.products() {
        let mut days: Vec<(Day, &HashSet<Pseudonym>)> =
            days.iter().map(|(day, open)| (*day, &open.devices)).collect();
        days.retain(|(_, devices)| !devices.is_empty());
        days.sort_unstable_by_key(|(day, _)| *day);
        for period in LONGER {
            for same in
                days.chunk_by(|(one, _), (next, _)| period.start(*one) == period.start(*next))
            {
                let sets = same.iter().map(|(_, devices)| *devices);
                counts.insert(PeriodKey::of(product, period, same[0].0), distinct(sets));
            }
        }
    }
    counts
}

/// Counts the devices of several days, each once.
fn distinct<'a>(days: impl Iterator<Item = &'a HashSet<Pseudonym>>) -> u64 {
    days.flatten().collect::<HashSet<_>>().len() as u64
}

/// Counts the marks of new events.
pub(super) fn marks<'c>(rows: impl Iterator<Item = &'c EventRow<'c>>) -> MarkCounts<'c> {
    let mut counts = MarkCounts::new();
    for row in rows.filter(|row| !row.marks.periods.is_empty()) {
        for (period, _) in Period::ALL {
            // A period that is named twice is one mark.
            if row.marks.periods.contains(&period) {
                let key = PeriodKey::of(row.product, period, row.day);
                *counts.entry((key, row.marks.age)).or_default() += 1;
            }
        }
    }
    counts
}
