//! New, returning and retained devices, from the marks that devices without an
//! id make in a week. Pure.
//!
//! A mark says in which weeks its device can have been new: the week of an age
//! of 0 or 1 is certain, `2-3` are two weeks and `4-7` four. Nothing in a mark
//! tells these weeks apart, so their devices stay together: what is known is
//! how many of all that were new in those weeks came in this one.

use std::collections::{BTreeMap, BTreeSet};

use headcount_catalog::{Age, Day};
use headcount_store::{ActiveRow, AnswerRows, CohortRow, MarkRow};

/// Before the first event of any device.
pub(crate) const FIRST_DAY: Day = Day::from_number(0);

/// Days of a week.
const WEEK: i32 = 7;

/// The devices of one week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NewAndReturning {
    /// Its Monday.
    pub(crate) week: Day,
    /// Devices whose first event ever was in this week.
    pub(crate) new: u64,
    /// Devices that were there in an earlier week.
    pub(crate) returning: u64,
    /// Devices that do not say which of both they are.
    pub(crate) unknown: u64,
}

/// The devices of one week and age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retained {
    /// The Monday of the week in which they were active.
    pub(crate) week: Day,
    pub(crate) age: Age,
    pub(crate) devices: u64,
    /// Everybody that has this age in this week.
    pub(crate) cohorts: Cohorts,
}

/// The devices that were new in some weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cohorts {
    /// The Monday of the first week; `None` if it is the first ever.
    pub(crate) from: Option<Day>,
    /// The Monday of the last week.
    pub(crate) to: Day,
    pub(crate) devices: u64,
}

impl Retained {
    /// The share of the cohorts that was active. It can be above 1: devices
    /// whose first mark never arrived are not in a cohort. `None` if nobody is.
    pub(crate) fn share(&self) -> Option<f64> {
        (self.cohorts.devices > 0).then(|| self.devices as f64 / self.cohorts.devices as f64)
    }
}

/// New and returning devices of the rows of an answer, by marks or by ids.
pub(crate) fn new_of(answers: &[AnswerRows]) -> Vec<NewAndReturning> {
    let (mut marks, mut cohorts, mut active) = (Vec::new(), Vec::new(), Vec::new());
    for rows in answers {
        match rows {
            AnswerRows::Marks(rows) => marks.extend(rows.iter().cloned()),
            AnswerRows::Retention(rows) => cohorts.extend(rows.iter().cloned()),
            AnswerRows::Active(rows) => active.extend(rows.iter().cloned()),
            _ => {}
        }
    }
    if marks.is_empty() { new_by_ids(&cohorts, &active) } else { new_and_returning(&marks) }
}

/// Sums the marks of each week. `marks` are those of weeks.
pub(crate) fn new_and_returning(marks: &[MarkRow]) -> Vec<NewAndReturning> {
    let mut weeks = BTreeMap::new();
    for MarkRow { start: week, age, devices } in marks {
        let none = NewAndReturning { week: *week, new: 0, returning: 0, unknown: 0 };
        let sums = weeks.entry(*week).or_insert(none);
        match age {
            Some(age) if *age == Age::ALL[0] => sums.new += devices,
            Some(_) => sums.returning += devices,
            None => sums.unknown += devices,
        }
    }
    weeks.into_values().collect()
}

/// Counts the devices with an id that are new in each week, and all others that
/// are active in it. `active` are the devices of the same weeks.
pub(crate) fn new_by_ids(cohorts: &[CohortRow], active: &[ActiveRow]) -> Vec<NewAndReturning> {
    let row = |row: &ActiveRow| {
        let week = row.start;
        let is_new = |cohort: &&CohortRow| cohort.cohort == week && cohort.week == week;
        let new = cohorts.iter().find(is_new).map_or(0, |cohort| cohort.devices);
        NewAndReturning { week, new, returning: row.devices.saturating_sub(new), unknown: 0 }
    };
    active.iter().map(row).collect()
}

/// Sets the devices of each week beside everybody of the same age, for every
/// week that has one of the days from `from`. `marks` are those of weeks since
/// the first one ever.
pub(crate) fn retention(marks: &[MarkRow], from: Day) -> Vec<Retained> {
    let of_age = |age: Age| -> BTreeMap<Day, u64> {
        let rows = marks.iter().filter(|row| row.age == Some(age));
        rows.map(|row| (row.start, row.devices)).collect()
    };
    let new = of_age(Age::ALL[0]);
    let weeks: BTreeSet<Day> =
        marks.iter().map(|row| row.start).filter(|week| *week >= from.week_start()).collect();
    let by_age = Age::ALL.map(|age| (age, of_age(age)));
    let rows = weeks.into_iter().flat_map(|week| {
        by_age.iter().map({
            let new = &new;
            move |(age, devices)| Retained {
                week,
                age: *age,
                devices: devices.get(&week).copied().unwrap_or(0),
                cohorts: cohorts(new, week, *age),
            }
        })
    });
    rows.filter(|row| row.devices > 0 || row.cohorts.devices > 0).collect()
}

/// The devices that have this age in this week, whether they were active or
/// not.
fn cohorts(new: &BTreeMap<Day, u64>, week: Day, age: Age) -> Cohorts {
    let (fewest, most) = age.weeks();
    let before = |weeks: u32| week.plus(i32::try_from(weeks).unwrap_or(i32::MAX / WEEK) * -WEEK);
    let (from, to) = (most.map(before), before(fewest));
    let devices = new.range(from.unwrap_or(FIRST_DAY).min(to)..=to).map(|(_, devices)| devices);
    Cohorts { from, to, devices: devices.sum() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The Monday of a week, counted from one.
    fn week(number: i32) -> Day {
        Day::parse("2026-08-31").unwrap().plus(number * WEEK)
    }

    fn mark(number: i32, age: &str, devices: u64) -> MarkRow {
        MarkRow { start: week(number), age: Age::read(age), devices }
    }

    #[test]
    fn devices_of_a_week_are_new_or_returning() {
        let marks = [mark(0, "0", 5), mark(1, "", 2), mark(1, "0", 1), mark(1, "1", 3)];
        let sums = new_and_returning(&[marks.as_slice(), &[mark(1, "8+", 4)]].concat());
        let row = |week, [new, returning, unknown]: [u64; 3]| NewAndReturning {
            week,
            new,
            returning,
            unknown,
        };
        assert_eq!(sums, [row(week(0), [5, 0, 0]), row(week(1), [1, 7, 2])]);
        assert_eq!(new_and_returning(&[]), []);
    }

    fn find(rows: &[Retained], number: i32, age: &str) -> Option<(u64, Cohorts)> {
        let is_it = |row: &&Retained| row.week == week(number) && row.age.name() == age;
        rows.iter().find(is_it).map(|row| (row.devices, row.cohorts))
    }

    #[test]
    fn each_age_is_set_beside_the_weeks_that_have_it() {
        let marks = [
            mark(0, "0", 100),
            mark(1, "0", 10),
            mark(1, "1", 60),
            mark(2, "1", 4),
            mark(3, "2-3", 50),
            mark(6, "4-7", 40),
            mark(9, "8+", 30),
        ];
        let rows = retention(&marks, week(0));
        let cohorts = |from: Option<i32>, to, devices| Cohorts {
            from: from.map(week),
            to: week(to),
            devices,
        };
        assert_eq!(find(&rows, 0, "0"), Some((100, cohorts(Some(0), 0, 100))));
        assert_eq!(find(&rows, 0, "1"), None, "nobody is a week old");
        assert_eq!(find(&rows, 1, "1"), Some((60, cohorts(Some(0), 0, 100))));
        assert_eq!(find(&rows, 3, "2-3"), Some((50, cohorts(Some(0), 1, 110))));
        assert_eq!(find(&rows, 6, "4-7"), Some((40, cohorts(Some(-1), 2, 110))));
        assert_eq!(find(&rows, 9, "8+"), Some((30, cohorts(None, 1, 110))));
        assert_eq!(find(&rows, 3, "1"), None, "nobody was new in week 2");
        assert_eq!(find(&rows, 6, "8+"), None);
        // Somebody could have come, and nobody did.
        assert_eq!(find(&rows, 2, "2-3"), Some((0, cohorts(Some(-1), 0, 100))));
        let later = retention(&marks, week(6).plus(3));
        assert!(later.iter().all(|row| row.week >= week(6)), "{later:?}");
        assert_eq!(find(&later, 6, "4-7"), find(&rows, 6, "4-7"));
    }

    #[test]
    fn a_share_is_of_the_cohort_and_can_be_above_one() {
        let marks = [mark(0, "0", 4), mark(1, "1", 6), mark(2, "1", 1)];
        let rows = retention(&marks, week(0));
        let share = |number, age: &str| {
            let is_it = |row: &&Retained| row.week == week(number) && row.age.name() == age;
            rows.iter().find(is_it).and_then(Retained::share)
        };
        assert_eq!(share(0, "0"), Some(1.0));
        assert_eq!(share(1, "1"), Some(1.5));
        assert_eq!(share(2, "1"), None, "nobody was new the week before");
    }
}
