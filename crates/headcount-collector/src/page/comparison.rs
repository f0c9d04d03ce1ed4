//! What a product's page compares its days with, and how it is said.

use headcount_catalog::{Day, Period};

use super::text;
use crate::compared_days::{self, ComparedDays};
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

    /// What is compared with, in a sentence about it.
    pub(super) fn named_days(self) -> String {
        match self.days {
            ComparedDays::Year => "the days a year before".to_owned(),
            _ => self.when(),
        }
    }

    /// How much is known of a period to compare with.
    pub(super) fn known_of(self, start: Day, period: Period) -> KnownDays {
        self.known_between(compared_days::days_of(period, start))
    }

    /// How much is known of all the days to compare with.
    pub(super) fn known_days(self) -> KnownDays {
        self.known_between((self.from, self.to))
    }

    /// Why numbers of a period are not compared with those of another: of
    /// either only a part is known.
    pub(super) fn missing_of(
        self,
        own: Day,
        other: Day,
        period: Period,
        when: &str,
    ) -> Option<String> {
        let missing = self.known_of(other, period).missing(when);
        missing.or_else(|| self.unknown_part(compared_days::days_of(period, own)))
    }

    /// Why numbers of the page's days, these, are not compared.
    pub(super) fn missing(self, own: (Day, Day)) -> Option<String> {
        let missing = self.known_days().missing(&self.named_days());
        missing.or_else(|| self.unknown_part(own))
    }

    /// Where the days that are compared begin before the first event: a part is
    /// less than the whole, whatever it is compared with.
    fn unknown_part(self, (from, to): (Day, Day)) -> Option<String> {
        let first = self.known.0.filter(|first| from < *first && *first <= to)?;
        Some(format!("not compared: nothing is known before {}", text::long(first)))
    }

    fn known_between(self, (from, to): (Day, Day)) -> KnownDays {
        let (first, last) = self.known;
        let known_from = first.map_or(from, |first| first.max(from));
        let known = last.min(to).days_since(known_from) + 1;
        KnownDays { known: known.max(0), all: to.days_since(from) + 1 }
    }
}

/// How many of the days to compare with are known. A number of them is shown
/// only if all are: a part is always less than the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KnownDays {
    known: i32,
    all: i32,
}

impl KnownDays {
    pub(super) fn are_all(self) -> bool {
        self.known == self.all
    }

    /// `3 of 28 days known`, if it is a part.
    pub(super) fn part(self) -> Option<String> {
        let is_part = self.known > 0 && !self.are_all();
        is_part.then(|| format!("{} of {} days known", self.known, self.all))
    }

    /// Why a number of these days is not shown, if it is not.
    pub(super) fn missing(self, when: &str) -> Option<String> {
        match self.part() {
            Some(part) => Some(format!("{when}: {part}")),
            None if self.are_all() => None,
            None => Some(format!("no data for {when}")),
        }
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
            let is_known = |of: &str| beside.known_of(day(of), Period::Day).are_all();
            assert!(!is_known("2026-10-04") && is_known("2026-10-05"));
            assert!(is_known("2026-10-20") && !is_known("2026-10-21"));
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

    #[test]
    fn days_of_which_a_part_is_known_have_no_number() {
        let beside = |from: &str, to: &str, first: &str| {
            let known = (Some(day(first)), day("2026-11-30"));
            Beside { days: ComparedDays::Before, from: day(from), to: day(to), known }
        };
        let missing = |from, to, first| {
            beside(from, to, first).missing((day("2026-11-02"), day("2026-11-29")))
        };
        let told = |text: &str| Some(text.to_owned());
        let (from, to) = ("2026-09-07", "2026-10-04");
        assert_eq!(missing(from, to, "2026-09-07"), None);
        assert_eq!(missing(from, to, "2026-10-02"), told("the days before: 3 of 28 days known"));
        assert_eq!(missing(from, to, "2026-10-05"), told("no data for the days before"));
        // Days that have not begun.
        let later = missing("2026-11-29", "2026-12-05", "2026-10-02");
        assert_eq!(later, told("the days before: 2 of 7 days known"));
        // A week and a month with the first event.
        let beside = beside(from, to, "2026-10-02");
        let part = |start: &str, period| beside.known_of(day(start), period).part();
        assert_eq!(part("2026-09-28", Period::Week), told("3 of 7 days known"));
        assert_eq!(part("2026-10-01", Period::Month), told("30 of 31 days known"));
        assert!(beside.known_of(day("2026-10-05"), Period::Week).are_all());
    }

    /// As where they are compared with later days.
    #[test]
    fn days_that_begin_before_the_first_event_are_compared_with_none() {
        let known = (Some(day("2026-10-07")), day("2026-11-30"));
        let days = ComparedDays::From(day("2026-11-02"));
        let beside = Beside { days, from: day("2026-11-02"), to: day("2026-11-29"), known };
        let own = |from, to| beside.missing((day(from), day(to)));
        let told = Some("not compared: nothing is known before 7 Oct 2026".to_owned());
        assert_eq!(own("2026-10-05", "2026-11-01"), told);
        assert_eq!(own("2026-10-07", "2026-11-03"), None);
        let week = |own, other| beside.missing_of(day(own), day(other), Period::Week, "it");
        assert_eq!(week("2026-10-05", "2026-11-02"), told);
        assert_eq!(week("2026-10-12", "2026-11-02"), None);
        assert_eq!(week("2026-10-12", "2026-10-05"), Some("it: 5 of 7 days known".to_owned()));
    }
}
