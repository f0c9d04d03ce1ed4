//! Where the ids of devices are replaced: what no device can be followed over,
//! and what counts a device twice. Pure.

use headcount_catalog::{Day, Period};

use crate::ask;
use crate::registry::LoadedProduct;

/// Days of a week after its Monday.
const REST_OF_WEEK: i32 = 6;

/// When the ids of a product are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct IdChanges {
    /// On the first day of each month; else never.
    is_monthly: bool,
    /// The first day with an event. What changed before it, nobody saw.
    since: Option<Day>,
}

impl IdChanges {
    /// Those of ids that are followed from one event to the next.
    pub(super) fn of(product: &LoadedProduct, since: Option<Day>) -> Self {
        Self { is_monthly: ask::is_monthly(product), since }
    }

    /// Those of ids by which devices are counted by week. Marks do not change.
    pub(super) fn of_weeks(product: &LoadedProduct, since: Option<Day>) -> Self {
        let is_monthly = ask::is_monthly(product) && !product.counts(Period::Week);
        Self { is_monthly, since }
    }

    pub(super) fn are_monthly(self) -> bool {
        self.is_monthly
    }

    /// The number of changes after the first of these days, up to the last: a
    /// device that was active before one and after it counts twice.
    pub(super) fn within(self, (from, to): (Day, Day)) -> i64 {
        let from = self.since.map_or(from, |since| since.max(from));
        let month = |day: Day| day.civil().0 * 12 + i64::from(day.civil().1);
        if self.is_monthly { (month(to) - month(from)).max(0) } else { 0 }
    }

    /// Whether two spans count devices alike: with as many changes in each.
    pub(super) fn are_alike(self, one: (Day, Day), other: (Day, Day)) -> bool {
        self.within(one) == self.within(other)
    }

    /// Whether the devices that were new in a week can be followed into a later
    /// one, up to today: no id was replaced from the first day to the last.
    pub(super) fn can_follow(self, cohort: Day, week: Day, today: Day) -> bool {
        self.within((cohort, week.plus(REST_OF_WEEK).min(today))) == 0
    }

    /// The change in a week or in the one before: most devices of the product
    /// are new after it.
    pub(super) fn near(self, week: Day, today: Day) -> Option<Day> {
        let end = week.plus(REST_OF_WEEK).min(today);
        let is_near = self.within((week.plus(-8), end)) > 0;
        is_near.then(|| end.month_start())
    }
}

/// The days of a week.
pub(super) fn days_of_week(week: Day) -> (Day, Day) {
    (week, week.plus(REST_OF_WEEK))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    const MONTHLY: IdChanges = IdChanges { is_monthly: true, since: None };
    const NEVER: IdChanges = IdChanges { is_monthly: false, since: None };

    #[test]
    fn ids_change_on_the_first_of_a_month() {
        let within = |from, to| MONTHLY.within((day(from), day(to)));
        assert_eq!(within("2026-11-01", "2026-11-30"), 0);
        assert_eq!(within("2026-11-30", "2026-12-01"), 1);
        assert_eq!(within("2025-12-31", "2026-03-01"), 3);
        assert_eq!(NEVER.within((day("2025-12-31"), day("2026-03-01"))), 0);
        let young = IdChanges { since: Some(day("2026-11-01")), ..MONTHLY };
        assert_eq!(young.within((day("2026-10-05"), day("2026-11-30"))), 0);
        let alike = |one: (&str, &str), other: (&str, &str)| {
            let span = |(from, to)| (day(from), day(to));
            MONTHLY.are_alike(span(one), span(other))
        };
        assert!(!alike(("2026-11-02", "2026-11-29"), ("2026-10-05", "2026-11-01")));
        assert!(alike(("2026-10-20", "2026-11-16"), ("2026-09-22", "2026-10-19")));
    }

    #[test]
    fn nobody_is_followed_over_a_change() {
        // 2026-10-26 and 2026-11-02 are Mondays.
        let today = day("2026-11-30");
        let follows =
            |cohort: &str, week: &str, today| MONTHLY.can_follow(day(cohort), day(week), today);
        assert!(follows("2026-11-02", "2026-11-23", today));
        assert!(!follows("2026-11-02", "2026-11-30", day("2026-12-01")));
        assert!(follows("2026-11-02", "2026-11-30", today), "no id was replaced yet");
        assert!(!follows("2026-10-26", "2026-11-02", today), "they were new before the change");
        assert!(NEVER.can_follow(day("2026-10-26"), day("2026-11-02"), today));
        let young = IdChanges { since: Some(day("2026-11-01")), ..MONTHLY };
        assert!(young.can_follow(day("2026-10-26"), day("2026-11-02"), today));
    }

    #[test]
    fn devices_are_new_again_in_the_week_of_a_change_and_after_it() {
        let near = |week: &str, today: &str| MONTHLY.near(day(week), day(today));
        let november = Some(day("2026-11-01"));
        assert_eq!(near("2026-10-19", "2026-11-30"), None);
        assert_eq!(near("2026-10-26", "2026-11-30"), november);
        assert_eq!(near("2026-11-02", "2026-11-30"), november);
        assert_eq!(near("2026-11-09", "2026-11-30"), None);
        assert_eq!(near("2026-11-30", "2026-11-30"), None, "it is yet to come");
        assert_eq!(near("2026-11-30", "2026-12-01"), Some(day("2026-12-01")));
        // On a Monday.
        assert_eq!(near("2026-06-01", "2026-11-30"), Some(day("2026-06-01")));
        assert_eq!(near("2026-06-08", "2026-11-30"), Some(day("2026-06-01")));
        assert_eq!(NEVER.near(day("2026-10-26"), day("2026-11-30")), None);
    }
}
