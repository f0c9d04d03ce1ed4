//! The week or the month that a report is of. Pure.

use headcount_catalog::{Day, Period};

use crate::compared_days;

/// A whole week or month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReportSpan {
    period: Period,
    first: Day,
}

impl ReportSpan {
    /// The one that has this day.
    pub(crate) fn of(period: Period, day: Day) -> Self {
        Self { period, first: period.start(day) }
    }

    /// What it is: a week or a month.
    pub(crate) fn period(self) -> Period {
        self.period
    }

    /// Its first day.
    pub(crate) fn first(self) -> Day {
        self.first
    }

    /// Its last day.
    pub(super) fn last(self) -> Day {
        compared_days::days_of(self.period, self.first).1
    }

    /// How many days it has.
    pub(super) fn days(self) -> i32 {
        self.last().days_since(self.first) + 1
    }

    /// The one right before.
    pub(super) fn before(self) -> Self {
        Self::of(self.period, self.first.plus(-1))
    }

    /// Whether it is an earlier one of the same period.
    pub(crate) fn is_before(self, other: Self) -> bool {
        self.period == other.period && self.first < other.first
    }

    /// The first and the last day of the weeks that end in it. Every week ends
    /// in one month.
    pub(super) fn weeks(self) -> (Day, Day) {
        (self.first.week_start(), self.last().plus(1).week_start().plus(-1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(period: Period, day: &str) -> ReportSpan {
        ReportSpan::of(period, Day::parse(day).unwrap())
    }

    #[test]
    fn months_are_as_long_as_the_calendar_has_them() {
        for (day, days, before) in [
            ("2026-11-20", 30, "2026-10-01"),
            ("2026-12-31", 31, "2026-11-01"),
            ("2027-01-01", 31, "2026-12-01"),
            ("2027-02-28", 28, "2027-01-01"),
            ("2028-02-29", 29, "2028-01-01"),
            ("2028-03-01", 31, "2028-02-01"),
        ] {
            let month = span(Period::Month, day);
            assert_eq!((month.days(), month.before().first.to_string()), (days, before.to_owned()));
            assert!(month.before().is_before(month) && !month.is_before(month.before()));
        }
        let week = span(Period::Week, "2026-11-22");
        assert_eq!((week.days(), week.before()), (7, span(Period::Week, "2026-11-09")));
        // Beside one of another period, neither is earlier.
        let month = span(Period::Month, "2026-11-01");
        assert!(!month.is_before(week) && !week.is_before(month));
    }

    #[test]
    fn a_week_ends_in_one_month() {
        let weeks = |period, day| {
            let (from, to) = span(period, day).weeks();
            format!("{from} {to}")
        };
        assert_eq!(weeks(Period::Month, "2026-10-01"), "2026-09-28 2026-10-25");
        assert_eq!(weeks(Period::Month, "2026-11-01"), "2026-10-26 2026-11-29");
        assert_eq!(weeks(Period::Month, "2026-12-01"), "2026-11-30 2026-12-27");
        // From a Monday on, and up to a Sunday.
        assert_eq!(weeks(Period::Month, "2027-02-01"), "2027-02-01 2027-02-28");
        assert_eq!(weeks(Period::Week, "2026-11-18"), "2026-11-16 2026-11-22");
    }
}
