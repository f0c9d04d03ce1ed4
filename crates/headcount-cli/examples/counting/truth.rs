//! Devices by day, week and month, and how they come back: the same arithmetic
//! for the truth and for what can be told from ids.

use std::collections::BTreeMap;

use headcount_catalog::{Age, Day, Period};

/// Devices by period.
pub(crate) type ByPeriod = BTreeMap<(Period, Day), u64>;

/// What really happened.
#[derive(Default)]
pub(crate) struct Truth {
    /// Every machine that was used.
    pub(crate) used: ByPeriod,
    /// Those whose person agreed at that time: nothing else can be counted.
    pub(crate) agreed: ByPeriod,
    /// The weeks of those whose person agreed.
    pub(crate) weeks: Weeks,
}

/// The uses of one machine, in order of time.
#[derive(Default)]
pub(crate) struct Uses {
    used: Vec<Day>,
    agreed: Vec<Day>,
}

impl Uses {
    pub(crate) fn use_on(&mut self, day: Day, agrees: bool) {
        self.used.push(day);
        if agrees {
            self.agreed.push(day);
        }
    }
}

impl Truth {
    pub(crate) fn machine(&self) -> Uses {
        Uses::default()
    }

    pub(crate) fn add(&mut self, uses: Uses) {
        count(&mut self.used, &uses.used);
        count(&mut self.agreed, &uses.agreed);
        self.weeks.add(uses.agreed);
    }
}

/// Counts one device in every period that one of its days is in.
fn count(into: &mut ByPeriod, days: &[Day]) {
    for (period, _) in Period::ALL {
        let mut starts: Vec<Day> = days.iter().map(|day| period.start(*day)).collect();
        starts.sort_unstable();
        starts.dedup();
        for start in starts {
            *into.entry((period, start)).or_default() += 1;
        }
    }
}

/// Devices by week and age.
#[derive(Default)]
pub(crate) struct Weeks(BTreeMap<(Day, Age), u64>);

impl Weeks {
    /// Adds a device that was active on these days.
    pub(crate) fn add(&mut self, days: impl IntoIterator<Item = Day>) {
        let mut weeks: Vec<Day> = days.into_iter().map(Day::week_start).collect();
        weeks.sort_unstable();
        weeks.dedup();
        for week in &weeks {
            self.put(*week, Age::between(weeks[0], *week), 1);
        }
    }

    pub(crate) fn put(&mut self, week: Day, age: Age, devices: u64) {
        *self.0.entry((week, age)).or_default() += devices;
    }

    fn get(&self, week: Day, age: Age) -> u64 {
        self.0.get(&(week, age)).copied().unwrap_or(0)
    }

    /// Devices that were new in a week.
    pub(crate) fn new_in(&self, week: Day) -> u64 {
        self.get(week, Age::ALL[0])
    }

    /// Of everybody who was of this age in these weeks, the share that was
    /// active.
    pub(crate) fn retained(&self, age: Age, weeks: &[Day]) -> f64 {
        let (fewest, most) = age.weeks();
        let (mut active, mut all) = (0, 0);
        for week in weeks {
            active += self.get(*week, age);
            let back = |weeks: u32| week.plus(-7 * i32::try_from(weeks).unwrap_or(0));
            let cohorts = self.0.range(..=(back(fewest), Age::ALL[Age::ALL.len() - 1]));
            let is_one = |start: Day| most.is_none_or(|most| start >= back(most));
            let cohorts = cohorts.filter(|((start, own), _)| *own == Age::ALL[0] && is_one(*start));
            all += cohorts.map(|(_, devices)| devices).sum::<u64>();
        }
        active as f64 / all.max(1) as f64
    }
}
