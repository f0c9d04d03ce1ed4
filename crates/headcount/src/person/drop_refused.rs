//! Deletes what waits to be sent, or is kept, of events that are refused: from
//! every queue of this person, from quarantine, and the report that waits for
//! the next shipment.

use std::path::Path;

use headcount_catalog::{Purpose, report};
use headcount_queue::{Bounds, Claim, LineSet, Queue, QueueError, Shipper};

use super::switch::{is_ours, others};
use crate::consent::{self, Refusals};
use crate::disk::error::DiskError;
use crate::disk::tally::Tally;
use crate::disk::{link, quarantine};
use crate::standing::Standing;
use crate::{Paths, limits, ship};

/// What is dropped, and at what time.
struct Dropping<'a> {
    standing: &'a Standing,
    refusals: Refusals,
}

/// How many events were dropped.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DroppedEvents {
    /// Events that waited to be sent.
    pub(super) waiting: u64,
    /// Events recorded for the person only.
    pub(super) local: u64,
}

/// Drops what is refused by now, or has one of these purposes, and returns how
/// many events that were. Waits for a running shipper first: nothing of it
/// leaves after this.
///
/// # Errors
///
/// Returns the first error. Everything else is dropped all the same, and what
/// is left is not sent.
pub(super) fn drop_refused(
    standing: &Standing,
    paths: &Paths,
    purposes: &[&'static Purpose],
) -> Result<DroppedEvents, DiskError> {
    let refusals = consent::refusals(standing.catalog(), standing.surroundings(), Some(paths));
    let dropping = Dropping { standing, refusals: refusals.and(purposes) };
    let (mut events, mut first) = (DroppedEvents::default(), None);
    // What waits where another product keeps its files is that product's.
    let here = [paths].into_iter().filter(|paths| is_ours(paths).is_ok());
    for place in here.chain(&others(standing, paths)) {
        let (waiting, problem) = dropping.drop_queued(place);
        events.waiting += waiting;
        first = first.or(problem);
        let (local, problem) = dropping.drop_local(place);
        events.local += local;
        first = first.or(problem);
        let done = quarantine::drop_lines(place, |line| dropping.is_refused(line));
        first = first.or(done.err());
        // What a hook notes now is allowed; what it noted before may not be.
        first = first.or(link::remove_ours(&place.agent_notes()).err());
    }
    first = first.or(ship::wait_for_all(paths).err());
    first.map_or(Ok(events), Err)
}

/// How many events were dropped from a queue, and the first thing that was in
/// the way of others.
type Counted = (u64, Option<DiskError>);

fn in_the_way(error: impl Into<DiskError>) -> Counted {
    (0, Some(error.into()))
}

impl Dropping<'_> {
    fn is_refused(&self, line: &str) -> bool {
        ship::is_refused(self.standing.catalog(), &self.refusals, line)
    }

    /// Drops it from the queue that is shipped, and the waiting report.
    fn drop_queued(&self, place: &Paths) -> Counted {
        let queue = match self.queue(&place.queue) {
            Ok(queue) => queue,
            Err(error) => return in_the_way(error),
        };
        let catalog = self.standing.catalog();
        let has_report = self.refusals.withholds(catalog, report::NAME)
            && Tally::read(&place.tally()).telling.is_some();
        if !has_report && !self.waits_in(&queue) {
            return (0, None);
        }
        let shipper = match queue.shipper(&place.state_folder, limits::SHIPPER_WAIT) {
            Ok(shipper) => shipper,
            Err(error) => return in_the_way(error),
        };
        let mut tally = Tally::read(&place.tally());
        let before = tally.clone();
        let (events, problem) = self.drop_claimed(&shipper, &mut tally);
        if has_report {
            tally.keep_silent();
        }
        let written = if tally == before { Ok(()) } else { tally.write(&place.tally()) };
        (events, problem.or(written.err()))
    }

    /// Drops it from the records for the person only.
    fn drop_local(&self, place: &Paths) -> Counted {
        let queue = match self.queue(&place.local()) {
            Ok(queue) => queue,
            Err(error) => return in_the_way(error),
        };
        if !self.waits_in(&queue) {
            return (0, None);
        }
        match queue.shipper(&place.state_folder, limits::SHIPPER_WAIT) {
            // They are not sent, so nobody counts what is lost of them.
            Ok(shipper) => self.drop_claimed(&shipper, &mut Tally::default()),
            Err(error) => in_the_way(error),
        }
    }

    fn queue(&self, segment: &Path) -> Result<Queue, DiskError> {
        let own = [self.standing.shipped_queue(), self.standing.local_queue()];
        // With the limits that the catalog sets.
        match own.into_iter().flatten().find(|queue| queue.path() == segment) {
            Some(queue) => Ok(queue),
            None => Ok(Queue::new(segment, Bounds::USUAL)?),
        }
    }

    /// Whether a refused event waits there, or anything that no line shows. A
    /// shipper removes its lines only after it was answered, so what is being
    /// sent is seen.
    fn waits_in(&self, queue: &Queue) -> bool {
        let is_there = match queue.lines() {
            Ok(mut lines) => {
                lines.any(|line| line.map_or(true, |line| self.is_refused(&line.text)))
            }
            Err(_) => true,
        };
        is_there || queue.has_remains()
    }

    /// Drops it from every claim that lets itself be changed.
    fn drop_claimed(&self, shipper: &Shipper, tally: &mut Tally) -> Counted {
        let now = self.standing.surroundings().now().seconds();
        let claimed = match shipper.claim_all(u64::try_from(now).unwrap_or(0)) {
            Ok(claimed) => claimed,
            Err(error) => return in_the_way(error),
        };
        let (mut events, mut first) = (0, None);
        for claim in &claimed.claims {
            match self.drop_from(shipper, claim, tally) {
                Ok(dropped) => events += dropped,
                Err(error) => first = first.or(Some(error)),
            }
        }
        (events, first.or(claimed.problems.into_iter().next()).map(DiskError::from))
    }

    fn drop_from(
        &self,
        shipper: &Shipper,
        claim: &Claim,
        tally: &mut Tally,
    ) -> Result<u64, QueueError> {
        let mut refused = LineSet::default();
        for line in claim.lines()? {
            let line = line?;
            if self.is_refused(&line.text) {
                refused.insert(line.index);
            }
        }
        let skipped = shipper.remove_lines(claim, &refused)?;
        tally.take_in(&skipped);
        Ok(refused.len())
    }
}
