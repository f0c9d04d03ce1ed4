//! One run of a shipper: what it has at hand, and what came of it.

use std::error::Error;
use std::time::{Duration, Instant};

use headcount_catalog::Catalog;
use headcount_queue::{DestinationName, Queue};

use crate::disk::tally::Tally;
use crate::ship::transport::Transport;
use crate::standing::Standing;
use crate::{Paths, limits};

/// What an attempt did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flushed {
    /// Why it ended.
    pub ended: FlushEnd,
    /// What the destinations said.
    pub arrived: Arrived,
    /// Events of its own that it put into the queue: reports of the uploads
    /// themselves.
    pub reports: u64,
}

/// Events by what the destinations said of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Arrived {
    /// Taken, now or before.
    pub taken: u64,
    /// Never to be taken: rejected one by one, or in a batch that was set aside.
    pub rejected: u64,
}

/// Why an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlushEnd {
    /// Every destination was tried.
    Done,
    /// The answer is off.
    NotPermitted,
    /// Another process ships.
    Held,
    /// Its lifetime was over.
    OutOfTime,
    /// The machine's own files stood in the way.
    Failed,
}

/// Something on the machine stood in the way of an attempt. Nobody is told what: a shipper has no
/// output, and what it could not do is tried again.
#[derive(Debug)]
pub(crate) struct Failed;

impl<E: Error> From<E> for Failed {
    fn from(_: E) -> Self {
        Self
    }
}

/// One attempt, of one round or several.
pub(super) struct Attempt<'a> {
    /// The catalog in force for this person.
    pub(super) catalog: &'static Catalog,
    pub(super) standing: &'a Standing,
    pub(super) paths: &'a Paths,
    pub(super) queue: Queue,
    pub(super) transport: &'a dyn Transport,
    pub(super) born: Instant,
    pub(super) arrived: Arrived,
    pub(super) tally: Tally,
    pub(super) reports: u64,
}

impl Attempt<'_> {
    /// The destinations' names, as the queue knows them.
    pub(super) fn names(&self) -> Vec<DestinationName> {
        let names = self.catalog.destinations.iter();
        names.filter_map(|it| DestinationName::new(it.name)).collect()
    }

    /// The decision of this very moment.
    pub(super) fn permitted(&self) -> bool {
        self.standing.decide().is_on()
    }

    /// The time a request may take that begins now; `None` where one could
    /// outlast the lifetime. A request is never cut short by its shipper's end,
    /// which a destination would be blamed for.
    pub(super) fn time(&self) -> Option<Duration> {
        let left = limits::LIFETIME.checked_sub(self.born.elapsed())?;
        (left >= limits::REQUEST).then_some(limits::REQUEST)
    }

    pub(super) fn now_s(&self) -> u64 {
        u64::try_from(self.standing.surroundings().now().seconds()).unwrap_or(0)
    }
}
