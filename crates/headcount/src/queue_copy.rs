//! A copy of what waits in a queue, for a destination that its catalog does not
//! name. Nothing is taken out of the queue.
//!
//! A copy is sent like what a shipper sends: only while the person's decision
//! permits it, without what they refused or have not agreed to, without what
//! has waited too long, with the lock that an `off` waits for, and with a
//! receipt that they can see. The decision is read again before each request.

use std::fmt;
use std::time::Duration;

use headcount_catalog::{Catalog, Checked, Destination, Reason};
use headcount_queue::{Drops, Lines, QueueError};
use headcount_wire::{Rate, read};

use crate::consent::{ConsentState, Decision};
use crate::disk::tally::Loss;
use crate::ship::{Recheck, Request, Response, Transport, TransportError, Verdict};
use crate::{DiskError, Session, ship};

/// The name of the destination of copies in receipts.
const REPLAY: &str = "replay";

/// What waits in a queue and may be sent at this moment.
#[derive(Debug)]
pub struct QueueCopy<'s> {
    session: &'s Session,
    /// The catalog in force for the person.
    catalog: &'static Catalog,
}

/// Why nothing of a queue may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotCopied {
    /// Telemetry is off.
    Off(Box<Decision>),
    /// Events are recorded for the person only.
    Local(Box<Decision>),
    /// Telemetry is on by default, but the person was not told before.
    Untold,
    /// The person has agreed to nothing that the catalog has now.
    Withheld,
    /// The product keeps no event on disk.
    NoQueue,
}

impl fmt::Display for NotCopied {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off(decision) => write!(out, "telemetry is off ({})", decision.winner().why),
            Self::Local(decision) => write!(
                out,
                "telemetry is local ({}): events are recorded for the person only",
                decision.winner().why
            ),
            Self::Untold => out.write_str(
                "telemetry is on by default, and the person was not told of that in an earlier run",
            ),
            Self::Withheld => {
                out.write_str("the person has not agreed to anything that the catalog has now")
            }
            Self::NoQueue => out.write_str("the product keeps no event on disk"),
        }
    }
}

impl std::error::Error for NotCopied {}

/// What happens to a line of the queue.
#[derive(Debug, Clone, PartialEq)]
pub enum CopiedLine {
    /// It may be sent. The number is that of its bytes.
    Goes(Box<Checked>, usize),
    /// The catalog does not allow it.
    Rejected(Reason),
    /// The person, or an administrator, has refused what it is for.
    Refused,
    /// It has waited longer than the catalog lets it.
    OverAge,
}

/// Why a copy was not sent.
#[derive(Debug)]
pub enum CopyError {
    /// The decision does not permit it any more.
    NotCopied(NotCopied),
    /// The lock that an `off` waits for cannot be had.
    Disk(DiskError),
    /// No answer came.
    Transport(TransportError),
}

impl<'s> QueueCopy<'s> {
    /// What may be sent of the queue of this session at this moment. Reads the
    /// decision, and creates nothing.
    ///
    /// # Errors
    ///
    /// Returns why nothing may be sent.
    pub fn of(session: &'s Session) -> Result<Self, NotCopied> {
        let standing = session.opened();
        let decision = standing.decide();
        match decision.state() {
            ConsentState::Off => return Err(NotCopied::Off(Box::new(decision))),
            ConsentState::Local => return Err(NotCopied::Local(Box::new(decision))),
            ConsentState::On => {}
        }
        if standing.keeps_none() {
            return Err(NotCopied::NoQueue);
        }
        let catalog = standing.in_force().ok_or(NotCopied::Withheld)?;
        standing.send_permit().ok_or(NotCopied::Untold)?;
        Ok(Self { session, catalog })
    }

    /// The catalog in force for the person.
    #[must_use]
    pub fn catalog(&self) -> &'static Catalog {
        self.catalog
    }

    /// A reader of each file of the queue, in order.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder of the queue cannot be read.
    pub fn readers(
        &self,
    ) -> Result<impl Iterator<Item = Result<Lines, QueueError>> + use<>, QueueError> {
        let queue = self.session.opened().shipped_queue();
        let readers = queue.map(|queue| queue.readers()).transpose()?;
        Ok(readers.into_iter().flatten())
    }

    /// Judges a line of the queue by the catalog in force.
    #[must_use]
    pub fn judge(&self, line: &str) -> CopiedLine {
        let standing = self.session.opened();
        let now = standing.surroundings().now();
        let recheck = Recheck::new(self.catalog, now, Rate::WHOLE)
            .refusing((standing.catalog(), standing.refusals()))
            .with_ids(standing.catalog(), standing.paths());
        match recheck.verdict(line) {
            Verdict::Goes(record) => CopiedLine::Goes(record, line.len()),
            Verdict::Refused => CopiedLine::Refused,
            Verdict::Lost(Loss::OverAge) => CopiedLine::OverAge,
            Verdict::Lost(_) | Verdict::Waits { .. } => {
                let reason = read(self.catalog, line).err().unwrap_or(Reason::UnknownEvent);
                CopiedLine::Rejected(reason)
            }
        }
    }

    /// Sends one request with these records, under the decision of this moment,
    /// and keeps a receipt of it.
    ///
    /// # Errors
    ///
    /// Returns why it was not sent, or that no answer came.
    pub fn send(
        &self,
        destination: &Destination,
        records: &[Checked],
        request: &Request,
        (transport, limit): (&dyn Transport, Duration),
    ) -> Result<Response, CopyError> {
        let standing = self.session.opened();
        let now = || standing.send_permit_for(self.catalog);
        let denied = || Self::of(self.session).err().unwrap_or(NotCopied::Withheld);
        let Some(paths) = standing.paths() else { return Err(CopyError::NotCopied(denied())) };
        if now().is_none() {
            return Err(CopyError::NotCopied(denied()));
        }
        let sending =
            ship::Copying { standing, paths, destination: (destination, REPLAY), records };
        match sending.send(request, transport, limit, &now) {
            Ok(Some(answer)) => answer.map_err(CopyError::Transport),
            Ok(None) => Err(CopyError::NotCopied(denied())),
            Err(error) => Err(CopyError::Disk(error)),
        }
    }
}

/// What a reader skipped of a file, by the names of the reasons.
#[must_use]
pub fn skipped(drops: &Drops) -> Vec<(&'static str, u64)> {
    drops.iter().map(|dropped| (dropped.reason.as_str(), dropped.lines)).collect()
}
