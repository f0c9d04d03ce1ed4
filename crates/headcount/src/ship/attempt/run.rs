//! The state of one attempt to ship, and its result.

use std::error::Error;
use std::time::{Duration, Instant};

use headcount_catalog::Catalog;
use headcount_queue::{DestinationName, Queue};
use headcount_wire::Rate;

use super::recheck::Recheck;
use crate::consent::SendPermit;
use crate::disk::tally::Tally;
use crate::disk::versions::Newer;
use crate::ship::transport::Transport;
use crate::standing::Standing;
use crate::{Paths, identity, limits};

/// The result of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Flushed {
    /// Why it ended.
    pub ended: FlushEnd,
    /// Events by the answers of the destinations.
    pub arrived: Arrived,
    /// Reports on the uploads that it put into the queue.
    pub reports: u64,
}

/// Events by the answers of the destinations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Arrived {
    /// Accepted, now or before.
    pub taken: u64,
    /// Rejected for good: one by one, or in a batch that went to quarantine.
    pub rejected: u64,
}

/// Why an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlushEnd {
    /// Every destination was tried.
    Done,
    /// Telemetry is off.
    NotPermitted,
    /// Another process ships.
    Held,
    /// The time was over.
    OutOfTime,
    /// Files on the machine could not be used.
    Failed,
}

/// Something on the machine stopped an attempt. It does not say what: a shipper
/// has no output, and the next attempt tries again.
#[derive(Debug)]
pub(crate) struct Failed;

impl<E: Error> From<E> for Failed {
    fn from(_: E) -> Self {
        Self
    }
}

/// One attempt, in one or more rounds.
pub(super) struct Attempt<'a> {
    /// The catalog in force for this person.
    pub(super) catalog: &'static Catalog,
    pub(super) standing: &'a Standing,
    pub(super) paths: &'a Paths,
    pub(super) queue: Queue,
    pub(super) transport: &'a dyn Transport,
    pub(super) started: Instant,
    pub(super) arrived: Arrived,
    /// What newer versions have said, as of this round.
    pub(super) newer: Newer,
    pub(super) tally: Tally,
    pub(super) reports: u64,
}

impl<'a> Attempt<'a> {
    /// The names of the destinations, as the queue knows them.
    pub(super) fn names(&self) -> Vec<DestinationName> {
        let names = self.catalog.destinations.iter();
        names.filter_map(|destination| DestinationName::new(destination.name)).collect()
    }

    /// These names, and those of newer versions' destinations: a claim stays
    /// until all of them have it.
    pub(super) fn names_of_all(&self) -> Vec<DestinationName> {
        let mut names = self.names();
        let others = self.newer.destinations.iter().filter(|name| !names.contains(name));
        let others: Vec<DestinationName> = others.cloned().collect();
        names.extend(others);
        names
    }

    /// The check for a destination that asked for this share of devices.
    pub(super) fn recheck(&self, rate: Rate) -> Recheck<'a> {
        let now = self.standing.surroundings().now();
        let refusals = (self.standing.catalog(), self.standing.refusals());
        Recheck::new(self.catalog, now, rate)
            .beside(self.newer.newest)
            .refusing(refusals)
            .with_ids(self.standing.catalog(), Some(self.paths))
    }

    /// The permission to send at this moment what the catalog of this attempt
    /// allows.
    pub(super) fn send_permit(&self) -> Option<SendPermit> {
        self.standing.send_permit_for(self.catalog)
    }

    /// Whether sending is permitted at this moment.
    pub(super) fn permitted(&self) -> bool {
        self.send_permit().is_some()
    }

    /// The time that a request may take if it begins now; `None` if it could
    /// outlast the lifetime. The end of a shipper never cuts a request short,
    /// since that would count as a failure of the destination.
    pub(super) fn time(&self) -> Option<Duration> {
        (self.left() >= limits::REQUEST).then_some(limits::REQUEST)
    }

    /// What is left of the lifetime.
    pub(super) fn left(&self) -> Duration {
        limits::LIFETIME.saturating_sub(self.started.elapsed())
    }

    /// The id that the device has at this moment.
    pub(super) fn device(&self) -> Option<String> {
        let standing = self.standing;
        identity::shown(standing.catalog(), self.paths, standing.surroundings()).ok()?
    }

    pub(super) fn now_s(&self) -> u64 {
        u64::try_from(self.standing.surroundings().now().seconds()).unwrap_or(0)
    }
}
