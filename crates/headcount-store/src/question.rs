//! Questions, a closed list, and the rows that answer them.

use headcount_catalog::Day;

/// What can be asked. Days are inclusive on both ends; a product, event or property that nobody
/// knows has no rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// How many events of each name, by day.
    Events {
        /// The product's name.
        product: String,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
    },
    /// How many distinct devices, by day. A day without any has no row.
    Active {
        /// The product's name.
        product: String,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
    },
    /// How many events by the value of a counted column, by day.
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
    /// How every arrival so far has ended.
    Outcomes,
    /// Which products have events, from when to when.
    Products,
}

/// The rows of one question, under its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// To [`Question::Events`], by day and name.
    Events(Vec<EventsRow>),
    /// To [`Question::Active`], by day.
    Active(Vec<ActiveRow>),
    /// To [`Question::ByProperty`], by day and value.
    ByProperty(Vec<ValueRow>),
    /// To [`Question::Outcomes`], by product, outcome and reason.
    Outcomes(Vec<OutcomeRow>),
    /// To [`Question::Products`], by name.
    Products(Vec<ProductRow>),
}

/// Events of one name on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventsRow {
    /// The day.
    pub day: Day,
    /// The event's name.
    pub event: String,
    /// How many.
    pub count: u64,
}

/// Distinct devices of one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ActiveRow {
    /// The day.
    pub day: Day,
    /// How many, exactly.
    pub devices: u64,
}

/// Events with one value on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValueRow {
    /// The day.
    pub day: Day,
    /// `true` or `false`, the word, the text, or
    /// [`limits::OTHER`](crate::limits::OTHER) for all beyond the cap.
    pub value: String,
    /// How many.
    pub count: u64,
}

/// Arrivals that ended in one way, since the store was made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutcomeRow {
    /// The product's name.
    pub product: String,
    /// `stored`, `duplicate`, `rejected` or `refused`.
    pub outcome: String,
    /// Why, for the last two; else empty.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// A product that has events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProductRow {
    /// Its name.
    pub product: String,
    /// The first day with an event.
    pub first: Day,
    /// The last day with an event.
    pub last: Day,
    /// How many events, duplicates not counted.
    pub events: u64,
}
