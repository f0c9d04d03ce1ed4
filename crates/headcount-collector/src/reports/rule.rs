//! Which products are reported, when, and to whom.

use headcount_catalog::Period;

use crate::alerts::AlertChannel;
use crate::registry::Registry;

/// A report that the operator wants once a week, or once a month.
#[derive(Debug, Clone)]
pub struct ReportRule {
    /// The name: lower-case letters, digits and `-`. No two reports have one.
    pub name: String,
    /// The products, in the order of the report.
    pub products: Vec<String>,
    /// The day on which it is sent, and so what it is of.
    pub on: ReportDay,
    /// The hour from which on it is sent, UTC, from 0 to 23.
    pub hour: u8,
    /// Who gets it.
    pub channels: Vec<AlertChannel>,
}

/// The day on which a report is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportDay {
    /// A day of each week: the report is of the week before.
    Week(Weekday),
    /// A day of each month, from 1 to [`ReportDay::LAST`]: the report is of the
    /// month before.
    Month(u8),
}

impl ReportDay {
    /// The last day that every month has.
    pub const LAST: u8 = 28;

    /// What the report is of.
    pub(super) fn period(self) -> Period {
        match self {
            Self::Week(_) => Period::Week,
            Self::Month(_) => Period::Month,
        }
    }

    /// Days from the first one of a week or a month.
    pub(super) fn days(self) -> i32 {
        match self {
            Self::Week(weekday) => weekday.days(),
            Self::Month(day) => i32::from(day.clamp(1, Self::LAST)) - 1,
        }
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weekday {
    /// The day after a week is over.
    Monday,
    /// The next one.
    Tuesday,
    /// The next one.
    Wednesday,
    /// The next one.
    Thursday,
    /// The next one.
    Friday,
    /// The next one.
    Saturday,
    /// The last one.
    Sunday,
}

impl Weekday {
    /// Every day with its name, the first one first.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Monday, "monday"),
        (Self::Tuesday, "tuesday"),
        (Self::Wednesday, "wednesday"),
        (Self::Thursday, "thursday"),
        (Self::Friday, "friday"),
        (Self::Saturday, "saturday"),
        (Self::Sunday, "sunday"),
    ];

    /// Days from the Monday of a week.
    fn days(self) -> i32 {
        self as i32
    }
}

impl ReportRule {
    /// Why a part of it can never be told with these catalogs: a sentence
    /// without a full stop.
    #[must_use]
    pub fn mistake(&self, registry: &Registry) -> Option<String> {
        let unknown = self.products.iter().find(|name| registry.product(name).is_none())?;
        let known = registry.name_list();
        Some(format!("unknown product `{unknown}`; there are catalogs for {known}"))
    }
}
