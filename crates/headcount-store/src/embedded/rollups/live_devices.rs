//! What a question needs to know of the devices of days that live. They are in
//! memory, and everything else that answers a question is in the file.

use std::collections::{BTreeMap, BTreeSet};

use headcount_catalog::Day;

use super::cohorts::{self, CohortCounts};
use super::day_devices::{self, DayDevices, DeviceScope};
use super::product::ProductRollups;
use super::sketch::Sketch;
use crate::{Question, VersionScope, limits};

/// Numbers of devices for one question.
#[derive(Debug, Default)]
pub(in crate::embedded) struct LiveDevices {
    /// By period of which no day has expired, and version: the version is empty
    /// unless each is asked for.
    pub(super) periods: BTreeMap<(Day, String), u64>,
    /// Sketches of the live days of periods of which a day has expired and to
    /// which a device came later, by scope and weight.
    pub(super) late: BTreeMap<(Day, i64, u16), Sketch>,
    pub(super) cohorts: CohortCounts,
}

impl LiveDevices {
    /// Gathers what a question needs.
    pub(super) fn of(rollups: &ProductRollups, question: &Question) -> Self {
        let mut live = Self::default();
        match question {
            Question::Active { period, from, to, versions, .. } => {
                let days = rollups.days.range(period.start(*from)..);
                let mut by_period: BTreeMap<Day, Vec<&DayDevices>> = BTreeMap::new();
                for (day, devices) in days.take_while(|(day, _)| period.start(**day) <= *to) {
                    by_period.entry(period.start(*day)).or_default().push(devices);
                }
                let mut texts = VersionTexts { rollups, known: BTreeMap::new() };
                for (start, days) in by_period {
                    match rollups.frozen.get(&(*period, start)) {
                        None => live.add_period(&mut texts, start, &days, versions),
                        Some(true) => live.add_late(rollups, start, &days, versions),
                        Some(false) => {}
                    }
                }
            }
            Question::Retention { .. } => live.cohorts = cohorts::live(rollups),
            _ => {}
        }
        live
    }

    fn add_period(
        &mut self,
        texts: &mut VersionTexts<'_>,
        start: Day,
        days: &[&DayDevices],
        versions: &VersionScope,
    ) {
        let days = || days.iter().copied();
        if *versions == VersionScope::All {
            let all = day_devices::union(days(), |scope| scope == DeviceScope::All);
            self.periods.insert((start, String::new()), day_devices::weigh(&all));
            return;
        }
        // Several numbers may stand for one text, so that a device is counted
        // once for it.
        let numbers = days().flat_map(|day| day.sets.keys()).filter_map(|scope| match scope {
            DeviceScope::Version(number) => Some(*number),
            _ => None,
        });
        let mut by_text: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        for number in numbers.collect::<BTreeSet<_>>() {
            by_text.entry(texts.of(number).to_owned()).or_default().insert(number);
        }
        for (text, numbers) in by_text {
            let shown = match versions {
                VersionScope::Only(version) if *version != text => continue,
                VersionScope::Only(_) => String::new(),
                _ => text,
            };
            let is_of_it =
                |scope| matches!(scope, DeviceScope::Version(it) if numbers.contains(&it));
            let devices = day_devices::weigh(&day_devices::union(days(), is_of_it));
            self.periods.insert((start, shown), devices);
        }
    }

    fn add_late(
        &mut self,
        rollups: &ProductRollups,
        start: Day,
        days: &[&DayDevices],
        versions: &VersionScope,
    ) {
        let scopes = days.iter().flat_map(|day| day.sets.keys().copied());
        let is_asked = |scope: &DeviceScope| match scope {
            DeviceScope::All => *versions == VersionScope::All,
            DeviceScope::Version(_) => *versions != VersionScope::All,
            DeviceScope::Uncounted => false,
        };
        let mut scopes: Vec<DeviceScope> = scopes.filter(is_asked).collect();
        scopes.sort_unstable();
        scopes.dedup();
        for scope in scopes {
            let by_weight = day_devices::union(days.iter().copied(), |other| other == scope);
            for (weight, slots) in by_weight {
                let mut sketch = Sketch::new();
                let devices = slots.iter().filter_map(|slot| rollups.devices.pseudonym(slot));
                devices.for_each(|device| sketch.add(device));
                self.late.insert((start, scope.number(), weight), sketch);
            }
        }
    }
}

/// The texts under which versions are counted now. Each is looked for once in a
/// question: a search goes through all values of the product.
struct VersionTexts<'r> {
    rollups: &'r ProductRollups,
    known: BTreeMap<u32, &'r str>,
}

impl<'r> VersionTexts<'r> {
    fn of(&mut self, number: u32) -> &'r str {
        if number == 0 {
            return "";
        }
        let vocabularies = &self.rollups.vocabularies;
        self.known.entry(number).or_insert_with(|| {
            let mut named = vocabularies.all().filter_map(|(_, all)| all.row_of(number));
            named.next().unwrap_or(limits::OTHER)
        })
    }
}
