//! The port: what a collector asks of a store.

use headcount_catalog::{Age, Day, EventId, Period, Reason};

use crate::{AnswerRows, Column, Pseudonym, Question, StoreError};

/// Keeps events and answers questions about them.
pub trait Store: Send + Sync {
    /// Makes one commit durable. Returns one [`RowStatus`] for each row, in
    /// order, once everything in the commit is on disk.
    ///
    /// # Errors
    ///
    /// Returns an error if the commit could not be made durable. Then nothing
    /// in it counts, no event in it may be acknowledged, and the same commit
    /// may be tried again.
    fn append(&self, commit: &Commit<'_>) -> Result<Vec<RowStatus>, StoreError>;

    /// Answers a question from rollups. The answer includes everything that an
    /// [`append`](Self::append) has acknowledged.
    ///
    /// # Errors
    ///
    /// Returns an error if the rollups cannot be read.
    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError>;

    /// Erases all raw events of one person, and what else stands for them.
    /// Returns the number of raw events that are gone from the file now. Sums
    /// stay: they stand for nobody.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written. Then some of the events
    /// may still be there, and the erasure may be tried again.
    fn erase(&self, product: &str, person: Erasure) -> Result<u64, StoreError> {
        let _ = (product, person);
        Err(StoreError::new("this store cannot erase events"))
    }
}

/// Whose raw events are erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// Those that name this device, counted or ephemeral.
    Device(Pseudonym),
    /// Those that have this pseudonym in a column of the role
    /// [`ColumnRole::Account`](crate::ColumnRole::Account).
    Account(Pseudonym),
}

/// What becomes durable together. A collector gathers many requests into one
/// commit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Commit<'a> {
    /// Events that a catalog allows.
    pub rows: Vec<EventRow<'a>>,
    /// Counts of events that were rejected or refused.
    pub unstored: Vec<UnstoredCount>,
}

/// One event that a catalog allows. Every store uses the fields; everything
/// else that the event carries is in the columns.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRow<'a> {
    /// The product's name.
    pub product: &'a str,
    /// The event's own day, UTC. Duplicates are found within product and day.
    pub day: Day,
    /// The same for every sending of one event.
    pub id: EventId,
    /// The event's name.
    pub event: &'a str,
    /// The device that is counted as active on that day, if the event names
    /// one.
    pub device: Option<Pseudonym>,
    /// What the event says of a device without an id. Rollups count it; the
    /// raw event has it in its columns, if anywhere.
    pub marks: DeviceMarks,
    /// Envelope entries and properties, each name at most once. A value that is
    /// missing or null has no column.
    pub columns: Vec<Column<'a>>,
}

/// The marks of one event, which count a device without an id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceMarks {
    /// The periods of which it is the device's first event: those that the
    /// event's own day is in.
    pub periods: Vec<Period>,
    /// How long the device has been counted, if the event says so.
    pub age: Option<Age>,
}

/// Whether an event was new. Either way it is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowStatus {
    /// The event is new and counted. A clustered store may also say this of a
    /// duplicate, as long as it does not count it.
    Stored,
    /// The store already had an event with this product, day and id.
    Duplicate,
}

/// A count of events of one product that were rejected or refused for one
/// reason. The store keeps such counts so that the sum of outcomes is the sum
/// of arrivals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnstoredCount {
    pub(crate) product: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) count: u64,
}

impl UnstoredCount {
    /// A count of events that no catalog of the product allows.
    #[must_use]
    pub fn rejected(product: &'static str, reason: Reason, count: u64) -> Self {
        Self { product, outcome: "rejected", reason: reason.name(), count }
    }

    /// A count of events that the collector did not take this time, and that
    /// clients may send again.
    #[must_use]
    pub fn refused(product: &'static str, refusal: Refusal, count: u64) -> Self {
        Self { product, outcome: "refused", reason: refusal.name(), count }
    }
}

/// Why events were refused for now. A closed list, to which a new version may
/// add.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Refusal {
    /// Too many events were waiting to be committed.
    Busy,
    /// A commit failed: [`Store::append`] returned an error.
    StoreFailed,
    /// A bug in the collector: an event was dropped without an outcome.
    Internal,
}

impl Refusal {
    /// Returns the name that the counter's label has.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::StoreFailed => "store-failed",
            Self::Internal => "internal",
        }
    }
}
