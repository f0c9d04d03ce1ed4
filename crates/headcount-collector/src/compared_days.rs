//! The days that others are compared with: those right before, a year before,
//! or any. Pure.

use headcount_catalog::{Day, Period};

/// A year in whole weeks, so that a Monday is compared with a Monday.
const YEAR_DAYS: i32 = 52 * 7;

const YEAR_MONTHS: i32 = 12;

/// Where the days begin that others are compared with. There are as many of
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ComparedDays {
    /// So that they end right before the others begin.
    Before,
    /// 52 weeks before, or 12 months where months are compared.
    Year,
    /// On this day.
    From(Day),
}

impl ComparedDays {
    /// The days to compare these with, both included: whole weeks or months if
    /// a row stands for those.
    pub(crate) fn span(self, period: Period, (from, to): (Day, Day)) -> (Day, Day) {
        let number = between(period, from, to) + 1;
        let first = match self {
            Self::Before => step(period, from, -number),
            Self::Year => a_year_before(period, from),
            Self::From(day) => period.start(day),
        };
        (first, step(period, first, number).plus(-1))
    }

    /// The period to compare this one with, on a page whose days begin with
    /// `from` and on which `shown` periods like this one are drawn.
    pub(crate) fn of_period(self, period: Period, start: Day, from: Day, shown: i32) -> Day {
        match self {
            Self::Before => step(period, start, -shown),
            Self::Year => a_year_before(period, start),
            Self::From(day) => step(period, start, between(period, from, day)),
        }
    }
}

/// The first and the last day of the period with this day.
pub(crate) fn days_of(period: Period, day: Day) -> (Day, Day) {
    (period.start(day), step(period, day, 1).plus(-1))
}

fn a_year_before(period: Period, day: Day) -> Day {
    match period {
        Period::Day | Period::Week => period.start(day).plus(-YEAR_DAYS),
        Period::Month => step(period, day, -YEAR_MONTHS),
    }
}

/// The first day of the period that is so many after the one of this day.
fn step(period: Period, day: Day, number: i32) -> Day {
    let start = period.start(day);
    match period {
        Period::Day => start.plus(number),
        Period::Week => start.plus(number.saturating_mul(7)),
        Period::Month => {
            let (year, month, _) = start.civil();
            let months = year * 12 + i64::from(month) - 1 + i64::from(number);
            let month = u8::try_from(months.rem_euclid(12) + 1).unwrap_or(1);
            Day::from_civil(months.div_euclid(12), month, 1).unwrap_or(start)
        }
    }
}

/// The number of periods from that of one day to that of another.
fn between(period: Period, from: Day, to: Day) -> i32 {
    let days = period.start(to).days_since(period.start(from));
    match period {
        Period::Day => days,
        Period::Week => days / 7,
        Period::Month => {
            let months = |day: Day| day.civil().0 * 12 + i64::from(day.civil().1);
            i32::try_from(months(to) - months(from)).unwrap_or(0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn span(compared: ComparedDays, period: Period, from: &str, to: &str) -> String {
        let (from, to) = compared.span(period, (day(from), day(to)));
        format!("{from} {to}")
    }

    #[test]
    fn as_many_days_are_compared() {
        let (from, to) = ("2026-11-02", "2026-11-29");
        let of = |compared| span(compared, Period::Day, from, to);
        assert_eq!(of(ComparedDays::Before), "2026-10-05 2026-11-01");
        // A Monday and a Sunday, as the others are.
        assert_eq!(of(ComparedDays::Year), "2025-11-03 2025-11-30");
        assert_eq!(of(ComparedDays::From(day("2026-03-01"))), "2026-03-01 2026-03-28");
    }

    #[test]
    fn weeks_and_months_are_whole() {
        let weeks = |compared| span(compared, Period::Week, "2026-11-11", "2026-11-18");
        assert_eq!(weeks(ComparedDays::Before), "2026-10-26 2026-11-08");
        assert_eq!(weeks(ComparedDays::Year), "2025-11-10 2025-11-23");
        assert_eq!(weeks(ComparedDays::From(day("2026-10-01"))), "2026-09-28 2026-10-11");
        let months = |compared| span(compared, Period::Month, "2026-01-01", "2026-03-01");
        assert_eq!(months(ComparedDays::Before), "2025-10-01 2025-12-31");
        assert_eq!(months(ComparedDays::Year), "2025-01-01 2025-03-31");
        assert_eq!(months(ComparedDays::From(day("2024-02-29"))), "2024-02-01 2024-04-30");
        let leap = span(ComparedDays::Before, Period::Month, "2023-03-01", "2024-02-29");
        assert_eq!(leap, "2022-03-01 2023-02-28");
        let days = |period| days_of(period, day("2024-02-10"));
        assert_eq!(days(Period::Day), (day("2024-02-10"), day("2024-02-10")));
        assert_eq!(days(Period::Week), (day("2024-02-05"), day("2024-02-11")));
        assert_eq!(days(Period::Month), (day("2024-02-01"), day("2024-02-29")));
    }

    #[test]
    fn a_period_of_a_longer_chart_is_as_far_away_as_the_days() {
        let (start, from) = (day("2026-09-07"), day("2026-11-02"));
        let of = |compared: ComparedDays| compared.of_period(Period::Week, start, from, 12);
        assert_eq!(of(ComparedDays::Before), day("2026-06-15"));
        assert_eq!(of(ComparedDays::Year), day("2025-09-08"));
        assert_eq!(of(ComparedDays::From(day("2026-10-07"))), day("2026-08-10"));
        let month = ComparedDays::From(day("2026-12-31"));
        assert_eq!(month.of_period(Period::Month, day("2026-09-01"), from, 12), day("2026-10-01"));
    }
}
