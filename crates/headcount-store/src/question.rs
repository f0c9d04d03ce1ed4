//! The closed list of questions, and the rows that answer them.

use headcount_catalog::Day;

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
    /// Counts distinct devices by day. A day without devices has no row.
    Active {
        /// The product's name.
        product: String,
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
    /// Answers [`Question::Active`], sorted by day.
    Active(Vec<ActiveRow>),
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

/// A count of distinct devices on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ActiveRow {
    /// The day.
    pub day: Day,
    /// The exact number.
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
