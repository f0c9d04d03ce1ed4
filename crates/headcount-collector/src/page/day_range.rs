//! The days a page is about.

use headcount_catalog::Day;

/// The last so many days, today included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DayRange {
    length: i32,
    today: Day,
}

impl DayRange {
    /// What can be chosen.
    pub(super) const LENGTHS: [i32; 4] = [7, 30, 60, 90];

    const USUAL: i32 = 30;

    /// The length asked for, or else the usual one: a page shows something.
    pub(super) fn read(asked: Option<&str>, today: Day) -> Self {
        let asked = asked.and_then(|text| text.parse().ok());
        let length = asked.filter(|length| Self::LENGTHS.contains(length)).unwrap_or(Self::USUAL);
        Self { length, today }
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

    /// Every day, oldest first.
    pub(super) fn days(self) -> impl Iterator<Item = Day> {
        let from = self.from();
        (0..self.length).map(move |days| from.plus(days))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_is_the_last_of_them() {
        let today = Day::parse("2026-11-20").unwrap();
        let week = DayRange::read(Some("7"), today);
        let days: Vec<String> = week.days().map(|day| day.to_string()).collect();
        assert_eq!(days.len(), 7);
        assert_eq!((days[0].as_str(), days[6].as_str()), ("2026-11-14", "2026-11-20"));
        for odd in [None, Some("-1"), Some("31"), Some("all")] {
            assert_eq!(DayRange::read(odd, today).length(), 30);
        }
    }
}
