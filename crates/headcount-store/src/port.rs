//! The port: what a collector asks of a store.

use headcount_catalog::{Day, Reason};

use crate::{AnswerRows, DayRows, Pseudonym, Question, StoreError};

/// Keeps events and answers questions about them.
pub trait Store: Send + Sync {
    /// Makes one commit durable. Returns one list for each [`DayRows`], in
    /// order, with one [`RowStatus`] a row, once everything in the commit is on
    /// disk.
    ///
    /// # Errors
    ///
    /// Returns an error if the commit could not be made durable. Then nothing
    /// in it counts, no event in it may be acknowledged, and the same commit
    /// may be tried again.
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError>;

    /// Answers a question from rollups, or from raw events if it is one about
    /// them. The answer includes everything that an [`append`](Self::append)
    /// has acknowledged.
    ///
    /// # Errors
    ///
    /// Returns an error if what it is answered from cannot be read.
    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError>;

    /// Erases all raw events of one person, and what else stands for them.
    /// Returns the number of raw events that are gone from the file now. Sums
    /// stay: they stand for nobody.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written. Then some of the events
    /// may still be there, and the erasure may be tried again.
    fn erase(&self, product: &str, person: Erasure) -> Result<u64, StoreError>;

    /// Seals, merges and expires. The collector calls it soon after the start
    /// and then hourly. It may take minutes; commits and questions go on
    /// meanwhile.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written. What was done before is
    /// done; the rest is tried again by the next call.
    fn keep_house(&self, policy: &HousePolicy) -> Result<HouseReport, StoreError>;

    /// Calls `each` with all raw events of a product from one day to another,
    /// both included, the days in order. Events that come meanwhile may be
    /// among them.
    ///
    /// # Errors
    ///
    /// Returns an error if they cannot be read. Events before it have been
    /// passed to `each`.
    fn read_events(
        &self,
        product: &str,
        days: (Day, Day),
        each: &mut dyn FnMut(&DayRows),
    ) -> Result<(), StoreError>;

    /// Whether the store can commit: its file is still the one that it opened,
    /// and its writer is usable.
    ///
    /// # Errors
    ///
    /// Returns an error that says what is wrong and what to do.
    fn health(&self) -> Result<(), StoreError>;

    /// What is wrong with the store while commits go on, such as a server that
    /// they wait for. Empty if nothing is.
    fn problems(&self) -> Vec<StoreProblem> {
        Vec::new()
    }

    /// What is acknowledged and waits in a spool on this machine for the server
    /// that answers questions. `None` if the store has no spool.
    fn waiting(&self) -> Option<SpoolFill> {
        None
    }
}

/// Something that is wrong with a store, although it commits. Both have nothing
/// of this machine: anybody may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreProblem {
    /// What it is about, as in "the server".
    pub part: &'static str,
    /// A sentence without a full stop.
    pub problem: &'static str,
}

/// How much waits in a spool.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SpoolFill {
    /// Batches, the open one too.
    pub batches: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// What becomes durable together. A collector gathers many requests into one
/// commit.
#[derive(Debug, Clone, Default)]
pub struct Commit {
    /// Events that a catalog allows. Several may be of one product and day, and
    /// of several schemas of one product.
    pub rows: Vec<DayRows>,
    /// Counts of events that were rejected or refused.
    pub unstored: Vec<UnstoredCount>,
    /// Where and why events were rejected and properties dropped.
    pub rejected: Vec<RejectedCount>,
}

/// Whether an event was new. Whatever it is, nothing needs to be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowStatus {
    /// The event is new, on disk, and counted. A clustered store may also say
    /// this of a duplicate, as long as it does not count it.
    Stored,
    /// The store already has this event: the same product, day, id and content.
    Duplicate,
    /// The store already has another event with this product, day and id. The
    /// first one stays. It counts as rejected, for [`Reason::OtherContent`].
    OtherContent,
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

/// How long what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HousePolicy {
    /// The day today, UTC. This day and the one before are open: events of
    /// older days come late.
    pub today: Day,
    /// One entry a product. What no entry names is kept.
    pub retention: Vec<ProductRetention>,
}

/// How long the events and counts of a product are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductRetention {
    /// The product's name.
    pub product: String,
    /// Days for which raw events are kept, the event's own day not counted.
    pub raw_days: u16,
    /// Days for which counts are kept; `None` for ever.
    pub rollup_days: Option<u32>,
}

/// What one [`Store::keep_house`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HouseReport {
    /// Raw events that were sealed.
    pub sealed: u64,
    /// Raw events whose sealed parts were merged.
    pub merged: u64,
    /// Raw events that are gone because they were too old.
    pub expired: u64,
    /// Days of counts that are gone because they were too old, one a product.
    pub expired_rollup_days: u64,
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

/// A count of events that were rejected, or of properties that were dropped, by
/// where and why. It holds names of catalogs and never anything that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RejectedCount {
    /// The product's name.
    pub product: &'static str,
    /// The day of arrival, UTC.
    pub day: Day,
    /// The names of the event and the property as the catalog has them; empty
    /// if the catalog knows neither.
    pub path: String,
    /// The kind of the property as the catalog names it; otherwise empty.
    pub kind: &'static str,
    /// Why.
    pub reason: Reason,
    /// The version of the catalog that judged.
    pub catalog: u32,
    /// The version of the sender's program, if it has the shape of one.
    pub program: Option<String>,
    /// The number of events or properties.
    pub count: u64,
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
    /// The event seems to lie in the future or to be too old, and the
    /// collector's clock is in doubt.
    ClockInDoubt,
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
            Self::ClockInDoubt => "clock-in-doubt",
            Self::Internal => "internal",
        }
    }
}
