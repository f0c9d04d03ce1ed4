//! Cohorts of devices with an id: those whose first week is the same, and how
//! many of them were active in each later week.

use std::collections::BTreeMap;

use headcount_catalog::{Day, Period};
use roaring::RoaringBitmap;

use super::day_devices::{self, ByWeight, DayDevices, DeviceScope};
use super::product::ProductRollups;

/// Devices by cohort and week, each by its Monday.
pub(super) type CohortCounts = BTreeMap<(Day, Day), u64>;

/// Counts all cohorts whose week lives: no day of it has expired.
pub(super) fn live(rollups: &ProductRollups) -> CohortCounts {
    let weeks = weeks(rollups);
    let mut seen = rollups.older.clone();
    let mut counts = CohortCounts::new();
    for (place, (cohort, active)) in weeks.iter().enumerate() {
        let all = active.values().fold(RoaringBitmap::new(), |all, set| all | set);
        let new = &all - &seen;
        seen |= all;
        let is_frozen = rollups.frozen.contains_key(&(Period::Week, *cohort));
        if new.is_empty() || is_frozen {
            continue;
        }
        for (week, active) in &weeks[place..] {
            let returned =
                active.iter().map(|(weight, set)| u64::from(*weight) * set.intersection_len(&new));
            let devices: u64 = returned.sum();
            if devices > 0 {
                counts.insert((*cohort, *week), devices);
            }
        }
    }
    counts
}

/// The devices of each week that has a live day, by weight.
fn weeks(rollups: &ProductRollups) -> Vec<(Day, ByWeight)> {
    let mut weeks: BTreeMap<Day, Vec<&DayDevices>> = BTreeMap::new();
    for (day, devices) in &rollups.days {
        weeks.entry(day.week_start()).or_default().push(devices);
    }
    let union = |days: Vec<&DayDevices>| {
        day_devices::union(days.into_iter(), |scope| scope == DeviceScope::All)
    };
    weeks.into_iter().map(|(week, days)| (week, union(days))).collect()
}
