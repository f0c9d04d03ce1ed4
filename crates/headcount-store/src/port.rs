//! The port: what a collector asks of a store, whatever is behind it.

use headcount_catalog::{Day, EventId, Reason};

use crate::{Answer, Column, Pseudonym, Question, StoreError};

/// Keeps events and answers questions about them.
pub trait Store: Send + Sync {
    /// One durable commit: on return everything in it is on disk, or, after an error, nothing in
    /// it counts and the same commit may be tried again. Answers one [`Kept`] an arrival, in order.
    ///
    /// # Errors
    /// Where the commit could not be made durable. No arrival of it may be acknowledged.
    fn append(&self, commit: &Commit<'_>) -> Result<Vec<Kept>, StoreError>;

    /// Answers from rollups: what an [`append`](Self::append) has acknowledged is in the answer.
    ///
    /// # Errors
    /// Where the rollups cannot be read.
    fn ask(&self, question: &Question) -> Result<Answer, StoreError>;
}

/// What becomes durable together. A collector gathers many requests into one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Commit<'a> {
    /// Events that a catalog allows.
    pub arrivals: Vec<Arrival<'a>>,
    /// Counts of events that ended before they reached the store.
    pub tallies: Vec<Tally>,
}

/// One event that a catalog allows. Its fields are what every store goes by; whatever else it
/// carries is in the columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival<'a> {
    /// The product's name.
    pub product: &'a str,
    /// The event's own day. Duplicates are found within product and day.
    pub day: Day,
    /// What a second sending is told by.
    pub id: EventId,
    /// The event's name.
    pub event: &'a str,
    /// Who is counted as active on that day; `None` counts nobody.
    pub device: Option<Pseudonym>,
    /// Envelope entries and properties; a name comes at most once. One that is missing or null
    /// has no column.
    pub columns: Vec<Column<'a>>,
}

/// What became of an arrival. Either way it is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kept {
    /// It is new and counted. A clustered store may say so of a duplicate that it will not count.
    Stored,
    /// An event with its product, day and id was there already.
    Duplicate,
}

/// How many events of a product ended the same way before they reached the store. The store only
/// counts them, so that the sum of outcomes is the sum of arrivals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub(crate) product: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) count: u64,
}

impl Tally {
    /// Events that no catalog of the product allows.
    #[must_use]
    pub fn rejected(product: &'static str, reason: Reason, count: u64) -> Self {
        Self { product, outcome: "rejected", reason: reason.name(), count }
    }

    /// Events that were sent away for now and may come again.
    #[must_use]
    pub fn refused(product: &'static str, refusal: Refusal, count: u64) -> Self {
        Self { product, outcome: "refused", reason: refusal.name(), count }
    }
}

/// Why events were sent away for now. A closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Too much was waiting to be committed.
    Busy,
    /// A commit failed: [`Store::append`] returned an error.
    StoreFailed,
}

impl Refusal {
    /// As answers and the counter's label say it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::StoreFailed => "store-failed",
        }
    }
}
