//! What a product's page compares its days with, and how it is said.

use headcount_catalog::{Day, Period};

use super::text;
use crate::compared_days::ComparedDays;
use crate::day_text;

/// What was chosen to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Days(ComparedDays),
    Nothing,
    /// The address asks for what is not a comparison, or for days that have not
    /// begun. The days right before are shown.
    Unreadable,
}

impl Comparison {
    /// Reads the value of `compare`.
    pub(super) fn read(text: Option<&str>, today: Day) -> Self {
        match text {
            None | Some("" | "before") => Self::Days(ComparedDays::Before),
            Some("no") => Self::Nothing,
            Some("year") => Self::Days(ComparedDays::Year),
            Some(text) => match Day::parse(text).filter(|day| *day <= today) {
                Some(day) => Self::Days(ComparedDays::From(day)),
                None => Self::Unreadable,
            },
        }
    }

    /// The value in the address; `None` for what a page shows by itself.
    pub(super) fn written(self) -> Option<String> {
        match self {
            Self::Days(ComparedDays::Before) | Self::Unreadable => None,
            Self::Nothing => Some("no".to_owned()),
            Self::Days(ComparedDays::Year) => Some("year".to_owned()),
            Self::Days(ComparedDays::From(day)) => Some(day.to_string()),
        }
    }

    /// The days to compare with, if any are.
    pub(super) fn days(self) -> Option<ComparedDays> {
        match self {
            Self::Nothing => None,
            Self::Days(days) => Some(days),
            Self::Unreadable => Some(ComparedDays::Before),
        }
    }
}

/// Days that others are compared with, and what is known of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Beside {
    pub(super) days: ComparedDays,
    /// The first and the last day of those to compare with.
    pub(super) from: Day,
    pub(super) to: Day,
    /// The first and the last day of which anything is known, whatever is
    /// compared: the first event, and today.
    pub(super) known: (Option<Day>, Day),
}

impl Beside {
    /// `the weeks before`, `the weeks a year before` or `1 Oct to 28 Oct 2026`:
    /// in a legend.
    pub(super) fn legend(self, period: Period) -> String {
        let periods = format!("the {}s", period.name());
        match self.days {
            ComparedDays::Before => format!("{periods} before"),
            ComparedDays::Year => format!("{periods} a year before"),
            ComparedDays::From(_) => day_text::span(self.from, self.to),
        }
    }

    /// The heading of a column: `Before`, `A year before` or `From 1 Oct 2026`.
    pub(super) fn heading(self) -> String {
        match self.days {
            ComparedDays::Before => "Before".to_owned(),
            ComparedDays::Year => "A year before".to_owned(),
            ComparedDays::From(_) => format!("From {}", text::long(self.from)),
        }
    }

    /// Beside a number: `before`, `a year before`, or which period it is.
    pub(super) fn of(self, start: Day, period: Period) -> String {
        match self.days {
            ComparedDays::Before => "before".to_owned(),
            ComparedDays::Year => "a year before".to_owned(),
            ComparedDays::From(_) => text::named(start, period),
        }
    }

    /// After a number: `the days before`, `a year before` or
    /// `the days from 1 Oct 2026 on`.
    pub(super) fn when(self) -> String {
        match self.days {
            ComparedDays::Before => "the days before".to_owned(),
            ComparedDays::Year => "a year before".to_owned(),
            ComparedDays::From(_) => format!("the days from {} on", text::long(self.from)),
        }
    }

    /// Whether something is known of a period.
    pub(super) fn is_known(self, start: Day, period: Period) -> bool {
        let (first, last) = self.known;
        first.is_none_or(|first| start >= period.start(first)) && start <= last
    }

    /// Whether all of these days are before the first event.
    pub(super) fn is_before_all(self) -> bool {
        self.known.0.is_some_and(|first| self.to < first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_comparison_is_written_as_it_is_read() {
        let read = |text| Comparison::read(Some(text), day("2026-11-20"));
        for text in ["no", "year", "2026-10-01", "2026-11-20", "0001-01-01"] {
            assert_eq!(read(text).written().as_deref(), Some(text));
        }
        for (text, comparison) in [
            ("", Comparison::Days(ComparedDays::Before)),
            ("before", Comparison::Days(ComparedDays::Before)),
            ("2026-11-21", Comparison::Unreadable),
            ("2026-02-30", Comparison::Unreadable),
            ("<script>", Comparison::Unreadable),
        ] {
            assert_eq!((read(text), read(text).written()), (comparison, None), "{text}");
            assert_eq!(read(text).days(), Some(ComparedDays::Before));
        }
        let none = Comparison::read(None, day("2026-11-20"));
        assert_eq!(none, Comparison::Days(ComparedDays::Before));
    }

    #[test]
    fn every_number_says_which_days_it_is_of() {
        let of = |days| {
            let (from, to) = (day("2026-10-01"), day("2026-10-28"));
            let known = (Some(day("2026-10-05")), day("2026-10-20"));
            let beside = Beside { days, from, to, known };
            let is_known = |of: &str| beside.is_known(day(of), Period::Day);
            assert!(!is_known("2026-10-04") && is_known("2026-10-05"));
            assert!(is_known("2026-10-20") && !is_known("2026-10-21"));
            assert!(beside.is_known(day("2026-10-01"), Period::Month));
            [
                beside.legend(Period::Week),
                beside.heading(),
                beside.of(day("2026-09-28"), Period::Week),
                beside.when(),
            ]
        };
        let before = ["the weeks before", "Before", "before", "the days before"];
        assert_eq!(of(ComparedDays::Before), before);
        let year = ["the weeks a year before", "A year before", "a year before", "a year before"];
        assert_eq!(of(ComparedDays::Year), year);
        assert_eq!(
            of(ComparedDays::From(day("2026-10-01"))),
            [
                "1 Oct to 28 Oct 2026",
                "From 1 Oct 2026",
                "week of 28 Sep 2026",
                "the days from 1 Oct 2026 on"
            ]
        );
    }
}
