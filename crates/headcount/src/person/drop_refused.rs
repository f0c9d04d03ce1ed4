//! Deletes what waits to be sent, or is kept, of events that are refused: from
//! every queue of this person, from quarantine, and the report that waits for
//! the next shipment.

use std::path::Path;

use headcount_catalog::{Purpose, report};
use headcount_queue::{Bounds, DestinationName, LineSet, Queue, Shipper};

use super::switch::{is_ours, others};
use crate::consent::{self, Refusals};
use crate::disk::error::DiskError;
use crate::disk::quarantine;
use crate::disk::tally::Tally;
use crate::standing::Standing;
use crate::{Paths, limits, ship};

/// What is dropped, and at what time.
struct Dropping<'a> {
    standing: &'a Standing,
    refusals: Refusals,
}

/// Drops what is refused by now, or has one of these purposes, and returns how
/// many waiting events that were. Waits for a running shipper first: nothing of
/// it leaves after this.
///
/// # Errors
///
/// Returns the first error. Everything else is dropped all the same, and what
/// is left is not sent.
pub(super) fn drop_refused(
    standing: &Standing,
    paths: &Paths,
    purposes: &[&'static Purpose],
) -> Result<u64, DiskError> {
    let refusals = consent::refusals(standing.catalog(), standing.surroundings(), Some(paths));
    let dropping = Dropping { standing, refusals: refusals.and(purposes) };
    let (mut events, mut done) = (0, Ok(()));
    let mut count = |dropped: Result<u64, DiskError>| match dropped {
        Ok(dropped) => events += dropped,
        Err(error) if done.is_ok() => done = Err(error),
        Err(_) => {}
    };
    // What waits where another product keeps its files is that product's.
    let here = [paths].into_iter().filter(|paths| is_ours(paths).is_ok());
    for place in here.chain(&others(standing, paths)) {
        count(dropping.drop_queued(place));
        count(dropping.drop_local(place));
        count(quarantine::drop_lines(place, |line| dropping.is_refused(line)).map(|()| 0));
    }
    count(ship::wait_for_all(paths).map(|_| 0));
    done.map(|()| events)
}

impl Dropping<'_> {
    fn is_refused(&self, line: &str) -> bool {
        ship::is_refused(self.standing.catalog(), &self.refusals, line)
    }

    /// Drops it from the queue that is shipped, and the waiting report.
    fn drop_queued(&self, place: &Paths) -> Result<u64, DiskError> {
        let queue = self.queue(&place.queue)?;
        let catalog = self.standing.catalog();
        let has_report = self.refusals.withholds(catalog, report::NAME)
            && Tally::read(&place.tally()).telling.is_some();
        if !has_report && !self.waits_in(&queue) {
            return Ok(0);
        }
        let shipper = queue.shipper(&place.state_folder, limits::SHIPPER_WAIT)?;
        let mut tally = Tally::read(&place.tally());
        let before = tally.clone();
        let events = self.drop_claimed(&shipper, &mut tally);
        if has_report {
            tally.keep_silent();
        }
        let written = if tally == before { Ok(()) } else { tally.write(&place.tally()) };
        let events = events?;
        written.map(|()| events)
    }

    /// Drops it from the records for the person only.
    fn drop_local(&self, place: &Paths) -> Result<u64, DiskError> {
        let queue = self.queue(&place.local())?;
        if !self.waits_in(&queue) {
            return Ok(0);
        }
        let shipper = queue.shipper(&place.state_folder, limits::SHIPPER_WAIT)?;
        // They are not sent, so nobody counts what is lost of them.
        self.drop_claimed(&shipper, &mut Tally::default()).map(|_| 0)
    }

    fn queue(&self, segment: &Path) -> Result<Queue, DiskError> {
        let own = [self.standing.shipped_queue(), self.standing.local_queue()];
        // With the limits that the catalog sets.
        match own.into_iter().flatten().find(|queue| queue.path() == segment) {
            Some(queue) => Ok(queue),
            None => Ok(Queue::new(segment, Bounds::USUAL)?),
        }
    }

    /// Whether a refused event waits there. A shipper removes its lines only
    /// after it was answered, so what is being sent is seen.
    fn waits_in(&self, queue: &Queue) -> bool {
        match queue.lines() {
            Ok(mut lines) => {
                lines.any(|line| line.map_or(true, |line| self.is_refused(&line.text)))
            }
            Err(_) => true,
        }
    }

    fn drop_claimed(&self, shipper: &Shipper, tally: &mut Tally) -> Result<u64, DiskError> {
        let destinations = self.standing.catalog().destinations.iter();
        let names: Vec<DestinationName> =
            destinations.filter_map(|it| DestinationName::new(it.name)).collect();
        let now = self.standing.surroundings().now().seconds();
        let claimed = shipper.claim(u64::try_from(now).unwrap_or(0), &names)?;
        tally.take_in(&claimed.drops);
        let mut events = 0;
        for claim in &claimed.claims {
            let mut refused = LineSet::default();
            for line in claim.lines()? {
                let line = line?;
                if self.is_refused(&line.text) {
                    refused.insert(line.index);
                }
            }
            shipper.remove_lines(claim, &refused)?;
            events += refused.len();
        }
        match claimed.problems.into_iter().next() {
            Some(problem) => Err(problem.into()),
            None => Ok(events),
        }
    }
}
