//! The days that a page shows.

use std::iter;

use headcount_catalog::{Day, Period};

use crate::limits;

/// A number of days that end today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DayRange {
    length: i32,
    today: Day,
}

impl DayRange {
    /// The lengths that a person can choose, in days.
    pub(super) const LENGTHS: [i32; 4] = [7, 30, 60, 90];

    const DEFAULT: i32 = 30;

    /// The requested length, at most the longest of [`LENGTHS`](Self::LENGTHS),
    /// or the default if it is not a number of days.
    pub(super) fn read(requested: Option<&str>, today: Day) -> Self {
        let requested = requested.and_then(|text| text.parse().ok());
        let length = requested.filter(|length| *length > 0).unwrap_or(Self::DEFAULT);
        Self { length: length.min(Self::LENGTHS[Self::LENGTHS.len() - 1]), today }
    }

    pub(super) fn length(self) -> i32 {
        self.length
    }

    pub(super) fn from(self) -> Day {
        self.today.plus(1 - self.length)
    }

    pub(super) fn to(self) -> Day {
        self.today
    }

    /// The first days of the weeks or months that the page shows, the oldest
    /// first, whatever days a person chose: the last one has today in it.
    pub(super) fn periods(self, period: Period) -> Vec<Day> {
        let most = match period {
            Period::Day => return self.days().collect(),
            Period::Week => limits::PAGE_WEEKS,
            Period::Month => limits::PAGE_MONTHS,
        };
        let newest = Some(period.start(self.today));
        let newest_first = iter::successors(newest, |start| Some(period.before(*start)));
        let mut starts: Vec<Day> = newest_first.take(most).collect();
        starts.reverse();
        starts
    }

    /// Every day, the oldest first.
    pub(super) fn days(self) -> impl Iterator<Item = Day> {
        let from = self.from();
        (0..self.length).map(move |days| from.plus(days))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_and_months_end_with_the_current_one() {
        let range = DayRange::read(Some("7"), Day::parse("2026-11-20").unwrap());
        let of = |period| range.periods(period).iter().map(Day::to_string).collect::<Vec<_>>();
        let weeks = of(Period::Week);
        assert_eq!((weeks.len(), weeks[11].as_str()), (12, "2026-11-16"));
        assert_eq!(weeks[0], "2026-08-31");
        let months = of(Period::Month);
        assert_eq!((months.len(), months[11].as_str()), (12, "2026-11-01"));
        assert_eq!(months[0], "2025-12-01");
        let range = DayRange::read(None, Day::parse("2026-03-31").unwrap());
        let months = range.periods(Period::Month);
        assert_eq!((months.len(), months[0].to_string().as_str()), (12, "2025-04-01"));
    }

    #[test]
    fn today_is_the_last_of_them() {
        let today = Day::parse("2026-11-20").unwrap();
        let week = DayRange::read(Some("7"), today);
        let days: Vec<String> = week.days().map(|day| day.to_string()).collect();
        assert_eq!(days.len(), 7);
        assert_eq!((days[0].as_str(), days[6].as_str()), ("2026-11-14", "2026-11-20"));
        for other in [None, Some("-1"), Some("0"), Some("14.5"), Some("all")] {
            assert_eq!(DayRange::read(other, today).length(), 30);
        }
        for (sent, length) in [("1", 1), ("14", 14), ("31", 31), ("90", 90), ("365", 90)] {
            assert_eq!(DayRange::read(Some(sent), today).length(), length);
        }
    }
}
