//! The closed list of questions, and the rows that answer them.

use headcount_catalog::{Age, Day, Period};

/// A question about what is stored. Both days are included. A product, event or
/// property that has no events has no rows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Question {
    /// Counts events by day and name.
    Events {
        /// The product's name.
        product: String,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
    },
    /// Counts devices by day, week or month: distinct ids, and marks of devices
    /// without one. Every period that has one of the days is counted as a
    /// whole. A period without devices has no row.
    Active {
        /// The product's name.
        product: String,
        /// What a row stands for.
        period: Period,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
    },
    /// Counts the marks of devices without an id, by day, week or month and by
    /// the age of the device. Every period that has one of the days is counted
    /// as a whole.
    Marks {
        /// The product's name.
        product: String,
        /// What a row stands for.
        period: Period,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
    },
    /// Counts events of one name by day and by the value of a counted column.
    ByProperty {
        /// The product's name.
        product: String,
        /// The event's name.
        event: String,
        /// The column's name.
        property: String,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
    },
    /// Counts all arrivals since the store was created, by outcome.
    Outcomes,
    /// Lists the products that have events.
    Products,
}

/// The rows that answer a question, in a variant of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerRows {
    /// Answers [`Question::Events`], sorted by day and name.
    Events(Vec<EventCountRow>),
    /// Answers [`Question::Active`], sorted by period.
    Active(Vec<ActiveRow>),
    /// Answers [`Question::Marks`], sorted by period and age, unknown ages
    /// first.
    Marks(Vec<MarkRow>),
    /// Answers [`Question::ByProperty`], sorted by day and value.
    ByProperty(Vec<ValueRow>),
    /// Answers [`Question::Outcomes`], sorted by product, outcome and reason.
    Outcomes(Vec<OutcomeRow>),
    /// Answers [`Question::Products`], sorted by name.
    Products(Vec<ProductRow>),
}

/// A count of events of one name on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventCountRow {
    /// The day.
    pub day: Day,
    /// The event's name.
    pub event: String,
    /// The number of events.
    pub count: u64,
}

/// A count of devices in one day, week or month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ActiveRow {
    /// The first day of the period.
    pub start: Day,
    /// The number: exact for ids, and a sum of marks for devices without one.
    pub devices: u64,
}

/// A count of marks of one period and age.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MarkRow {
    /// The first day of the period.
    pub start: Day,
    /// How long these devices had been counted then; `None` if their events do
    /// not say it.
    pub age: Option<Age>,
    /// The number of marks, each of another device.
    pub devices: u64,
}

/// A count of events with one value on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValueRow {
    /// The day.
    pub day: Day,
    /// `true` or `false`, the word, the text, or
    /// [`limits::OTHER`](crate::limits::OTHER) for all values beyond the limit.
    pub value: String,
    /// The number of events.
    pub count: u64,
}

/// A count of arrivals with one outcome and reason, since the store was
/// created.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutcomeRow {
    /// The product's name.
    pub product: String,
    /// `stored`, `duplicate`, `rejected` or `refused`.
    pub outcome: String,
    /// The reason, if the outcome is `rejected` or `refused`; otherwise empty.
    pub reason: String,
    /// The number of events.
    pub count: u64,
}

/// A product that has events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProductRow {
    /// The product's name.
    pub product: String,
    /// The first day with an event.
    pub first: Day,
    /// The last day with an event.
    pub last: Day,
    /// The number of events, without duplicates.
    pub events: u64,
}
