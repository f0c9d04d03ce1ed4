//! The shipper's own event: how the uploads went, at most once a day, if the
//! catalog in force has it.
//!
//! A report is made at the end of a shipment and sent with the next one. Until
//! then it is in the tally, where `inspect` and `dump` find it, and where it
//! starts no shipper. Three atomic writes keep it from being lost or sent
//! twice:
//!
//! ```text
//! end of a shipment    the tally: all this is told, by this line
//! the next shipment    the queue: the line
//!                      the tally: nothing waits
//! ```
//!
//! All of this happens under the ship lock, and only a shipper takes lines out
//! of the open segment. So a shipper that finds a line in the tally sees in the
//! open segment whether it was appended. If the third write fails, the line may
//! be sent twice, as one event with the same id.

use headcount_catalog::{Event, Value, report};
use headcount_queue::AppendError;
use headcount_wire::Rate;

use super::due::Ready;
use super::recheck::Verdict;
use super::run::{Attempt, Failed};
use crate::TypedEvent;
use crate::disk::lock;
use crate::disk::tally::{Counts, Tally};
use crate::record;
use crate::standing::Standing;

/// What was counted since the last report, as an event.
struct Report {
    definition: &'static Event,
    counts: Counts,
}

impl TypedEvent for Report {
    fn definition(&self) -> &'static Event {
        self.definition
    }

    fn values(&self) -> Vec<Option<Value>> {
        report::values(self.definition, |measure| self.counts.of(measure))
    }
}

impl Attempt<'_> {
    /// Puts the waiting report into the queue, if another event is sent now: a
    /// report is sent with other events only.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read or written. The report then
    /// waits.
    pub(super) fn tell(&mut self, ready: &[Ready]) -> Result<(), Failed> {
        let Some(line) = self.tally.telling.clone() else { return Ok(()) };
        if self.catalog.event(report::NAME).is_none() {
            return Ok(());
        }
        let now = self.standing.surroundings().now();
        let unclaimed = self.queue.unclaimed()?;
        let rechecks: Vec<_> = ready.iter().map(|ready| self.recheck(ready.rate)).collect();
        let (mut is_there, mut goes) = (false, false);
        for other in unclaimed.map_while(Result::ok) {
            is_there |= other.text == line;
            goes = goes
                || rechecks
                    .iter()
                    .any(|recheck| matches!(recheck.verdict(&other.text), Verdict::Goes(_)));
        }
        if !is_there {
            if !goes {
                return Ok(());
            }
            self.append(&line)?;
        }
        self.tally.has_told(now.seconds());
        Ok(self.tally.write(&self.paths.tally())?)
    }

    /// Appends the line. A line that has waited too long, or that the catalog
    /// does not allow, is dropped.
    fn append(&mut self, line: &str) -> Result<(), Failed> {
        let recheck = self.recheck(Rate::WHOLE);
        if !matches!(recheck.verdict(line), Verdict::Goes(_)) {
            return Ok(());
        }
        match self.queue.append(line) {
            Ok(_) => self.reports += 1,
            Err(AppendError::Empty | AppendError::Control | AppendError::TooLong { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Makes a report, if one is due, and leaves it in the tally.
    ///
    /// # Errors
    ///
    /// Returns an error if the report cannot be made. The next shipment tries
    /// again.
    pub(super) fn prepare(&mut self) -> Result<(), Failed> {
        let in_force = self.catalog.event(report::NAME);
        // From the host's own catalog: the recorder cuts it to the catalog in
        // force.
        let whole = self.standing.catalog().event(report::NAME);
        let (Some(definition), Some(_)) = (whole, in_force) else {
            // Not turned on, withheld, or from a newer version that the person
            // downgraded from.
            self.tally.keep_silent();
            return Ok(());
        };
        let now = self.standing.surroundings().now();
        let Some(counts) = self.tally.untold(now.seconds()) else { return Ok(()) };
        if !self.permitted() {
            return Ok(());
        }
        let Some(permit) = self.standing.permit() else { return Ok(()) };
        let line = record::line(self.standing, permit, &Report { definition, counts }, None)?;
        self.tally.tell(now.seconds(), line);
        Ok(())
    }
}

impl Attempt<'_> {
    /// Saves the tally at the end of a round. If the id has changed meanwhile,
    /// a report under the old one joins the queue: nothing else may have it.
    ///
    /// # Errors
    ///
    /// Returns an error if the report cannot be queued or the file not written.
    pub(super) fn save_tally(&mut self) -> Result<(), Failed> {
        // A file system without locks still counts.
        let _held = lock::hold(&self.paths.lock());
        let device = self.device();
        let is_old = |line: &String| {
            let record = headcount_wire::read(self.catalog, line).ok();
            record.is_some_and(|record| {
                let carried = record.device(self.catalog);
                carried.is_some() && carried != device.as_deref()
            })
        };
        if let Some(line) = self.tally.telling.clone().filter(is_old) {
            self.append(&line)?;
            self.tally.has_told(self.standing.surroundings().now().seconds());
        }
        Ok(self.tally.write(&self.paths.tally())?)
    }
}

/// The line of the report that is sent with the next shipment.
pub(crate) fn waiting(standing: &Standing) -> Option<String> {
    Tally::read(&standing.paths()?.tally()).telling
}
