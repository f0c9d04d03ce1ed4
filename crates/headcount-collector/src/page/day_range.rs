//! The days that a page shows.

use std::iter;

use headcount_catalog::{Day, Period};

use crate::limits;

/// A range of days, both included. The last one is today or earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DayRange {
    from: Day,
    to: Day,
    today: Day,
    asked: Asked,
}

/// How a range was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// So many days that end today.
    Last(i32),
    /// From a day to a day.
    Between,
}

impl DayRange {
    /// The lengths that a person can choose with one click, in days: whole
    /// weeks, so that a day is compared with the same day of the week.
    pub(super) const LENGTHS: [(i32, &str); 4] =
        [(7, "7 days"), (28, "4 weeks"), (91, "13 weeks"), (364, "52 weeks")];

    pub(super) const DEFAULT: i32 = 28;

    /// The days from `from` to `to` if one of them is a day, or else the last
    /// `days`, or the default if that is not a number of days. A range is never
    /// in the future, and never longer than [`limits::PAGE_DAYS`]. What is not
    /// as it was asked for is told in a sentence each.
    pub(super) fn read(
        days: Option<&str>,
        from: Option<&str>,
        to: Option<&str>,
        today: Day,
    ) -> (Self, Vec<String>) {
        let mut told = Vec::new();
        let [days, from, to] = [days, from, to].map(|text| text.filter(|text| !text.is_empty()));
        let [from, to] = [("from", from), ("to", to)].map(|(name, text)| {
            let day = Day::parse(text?);
            match day {
                None => told
                    .push(format!("`{name}` is left out: it is not a date such as `2026-10-01`.")),
                Some(day) if day > today => {
                    told.push(format!("`{name}` is after today, and so it is read as today."));
                }
                Some(_) => {}
            }
            day
        });
        if from.is_none() && to.is_none() {
            let last = days.map_or(Self::DEFAULT, |days| Self::number(days, &mut told));
            return (Self::last(last, today), told);
        }
        if days.is_some() {
            told.push("`days` is left out: the address has `from` or `to`, too.".to_owned());
        }
        let to = to.unwrap_or(today).min(today);
        let from = from.unwrap_or_else(|| to.plus(1 - Self::DEFAULT)).min(today);
        if from > to {
            told.push("`from` is after `to`: they are swapped.".to_owned());
        }
        let (from, to) = (from.min(to), to.max(from));
        let first = to.plus(1 - limits::PAGE_DAYS);
        if from < first {
            told.push(Self::longest());
        }
        (Self { from: from.max(first), to, today, asked: Asked::Between }, told)
    }

    /// Reads a number of days.
    fn number(text: &str, told: &mut Vec<String>) -> i32 {
        let (most, default) = (limits::PAGE_DAYS, Self::DEFAULT);
        let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_whole || text.bytes().all(|byte| byte == b'0') {
            told.push(format!(
                "`days` is not a number from 1 to {most}: the last {default} days are shown."
            ));
            return default;
        }
        // What is too large for the type is too large for a page, too.
        let days = text.parse().unwrap_or(i32::MAX);
        if days > most {
            told.push(Self::longest());
        }
        days.min(most)
    }

    fn longest() -> String {
        let most = limits::PAGE_DAYS;
        format!("A page shows at most {most} days: of those in the address, the last {most}.")
    }

    /// The days from one to today.
    pub(super) fn since(from: Day, today: Day) -> Self {
        let first = from.min(today).max(today.plus(1 - limits::PAGE_DAYS));
        Self { from: first, to: today, today, asked: Asked::Between }
    }

    /// The last days, with today.
    pub(super) fn last(days: i32, today: Day) -> Self {
        let days = days.min(limits::PAGE_DAYS);
        Self { from: today.plus(1 - days), to: today, today, asked: Asked::Last(days) }
    }

    pub(super) fn from(self) -> Day {
        self.from
    }

    pub(super) fn to(self) -> Day {
        self.to
    }

    pub(super) fn today(self) -> Day {
        self.today
    }

    /// How many days.
    pub(super) fn length(self) -> i32 {
        self.to.days_since(self.from) + 1
    }

    /// The number of days if it was asked for as the last so many.
    pub(super) fn last_days(self) -> Option<i32> {
        match self.asked {
            Asked::Last(days) => Some(days),
            Asked::Between => None,
        }
    }

    /// The first days of the weeks or months that the page shows, the oldest
    /// first: those of the range, and at least a dozen.
    pub(super) fn periods(self, period: Period) -> Vec<Day> {
        let least = match period {
            Period::Day => return self.days().collect(),
            Period::Week => limits::PAGE_WEEKS,
            Period::Month => limits::PAGE_MONTHS,
        };
        let newest = Some(period.start(self.to));
        let newest_first = iter::successors(newest, |start| Some(period.before(*start)));
        let first = period.start(self.from);
        let enough = |(place, start): &(usize, Day)| *place < least || *start >= first;
        let mut starts: Vec<Day> =
            newest_first.enumerate().take_while(enough).map(|(_, start)| start).collect();
        starts.reverse();
        starts
    }

    /// Every day, the oldest first.
    pub(super) fn days(self) -> impl Iterator<Item = Day> {
        let from = self.from;
        (0..self.length()).map(move |days| from.plus(days))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn weeks_and_months_end_with_the_current_one() {
        let range = DayRange::last(7, day("2026-11-20"));
        let of = |period| range.periods(period).iter().map(Day::to_string).collect::<Vec<_>>();
        let weeks = of(Period::Week);
        assert_eq!((weeks.len(), weeks[11].as_str()), (12, "2026-11-16"));
        assert_eq!(weeks[0], "2026-08-31");
        let months = of(Period::Month);
        assert_eq!((months.len(), months[11].as_str()), (12, "2026-11-01"));
        assert_eq!(months[0], "2025-12-01");
        let range = DayRange::last(28, day("2026-03-31"));
        let months = range.periods(Period::Month);
        assert_eq!((months.len(), months[0].to_string().as_str()), (12, "2025-04-01"));
        // A longer range has all of its own.
        assert_eq!(DayRange::last(365, day("2026-11-20")).periods(Period::Week).len(), 53);
    }

    #[test]
    fn today_is_the_last_of_them() {
        let today = day("2026-11-20");
        let read = |days| DayRange::read(days, None, None, today).0;
        let days: Vec<String> = read(Some("7")).days().map(|day| day.to_string()).collect();
        assert_eq!(days.len(), 7);
        assert_eq!((days[0].as_str(), days[6].as_str()), ("2026-11-14", "2026-11-20"));
        for other in [None, Some("-1"), Some("0"), Some("14.5"), Some("all")] {
            assert_eq!(read(other).length(), 28);
        }
        let most = limits::PAGE_DAYS;
        for (sent, length) in [("1", 1), ("14", 14), ("365", 365), ("99999", most)] {
            assert_eq!(read(Some(sent)).length(), length);
        }
    }

    #[test]
    fn any_two_days_are_a_range() {
        let today = day("2026-11-20");
        let read = |from, to| {
            let range = DayRange::read(Some("7"), from, to, today).0;
            format!("{} {}", range.from(), range.to())
        };
        assert_eq!(read(Some("2026-10-01"), Some("2026-10-07")), "2026-10-01 2026-10-07");
        // The other way round, without an end, and in the future.
        assert_eq!(read(Some("2026-10-07"), Some("2026-10-01")), "2026-10-01 2026-10-07");
        assert_eq!(read(Some("2026-11-01"), None), "2026-11-01 2026-11-20");
        assert_eq!(read(None, Some("2026-10-28")), "2026-10-01 2026-10-28");
        assert_eq!(read(Some("2999-01-01"), Some("2999-01-09")), "2026-11-20 2026-11-20");
        // A century.
        assert_eq!(read(Some("1926-11-20"), Some("2026-11-20")), "2024-11-20 2026-11-20");
        assert_eq!(read(Some("x"), Some("")), "2026-11-14 2026-11-20");
    }

    #[test]
    fn days_that_are_not_as_asked_are_told() {
        let today = day("2026-11-20");
        let told = |days, from, to| DayRange::read(days, from, to, today).1.join(" ");
        for (days, from, to) in [
            (None, None, None),
            (Some(""), Some(""), Some("")),
            (Some("731"), None, None),
            (None, Some("2026-11-20"), Some("2026-11-20")),
            (None, Some("2024-11-20"), None),
        ] {
            assert_eq!(told(days, from, to), "", "{days:?} {from:?} {to:?}");
        }
        let not_a_number = "`days` is not a number from 1 to 731: the last 28 days are shown.";
        for days in ["0", "000", "-5", "+5", "1.5", "all", "٣"] {
            assert_eq!(told(Some(days), None, None), not_a_number);
        }
        let too_many = "A page shows at most 731 days: of those in the address, the last 731.";
        for days in ["732", "99999999999999999999"] {
            assert_eq!(told(Some(days), None, None), too_many);
        }
        assert_eq!(told(None, Some("1926-11-20"), None), too_many);
        let no_date = "`from` is left out: it is not a date such as `2026-10-01`.";
        assert_eq!(told(None, Some("2026-02-31"), None), no_date);
        let both = "`from` is after today, and so it is read as today. \
                    `to` is after today, and so it is read as today.";
        assert_eq!(told(None, Some("2999-01-02"), Some("2999-01-01")), both);
        let swapped = "`from` is after `to`: they are swapped.";
        assert_eq!(told(None, Some("2026-10-02"), Some("2026-10-01")), swapped);
        let beside = "`days` is left out: the address has `from` or `to`, too.";
        assert_eq!(told(Some("7"), Some("2026-10-02"), None), beside);
    }
}
