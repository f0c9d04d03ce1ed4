//! One destination's part of an attempt: sends the batches of every claim and
//! settles each answer.

use std::time::Duration;

use headcount_catalog::Destination;
use headcount_queue::{
    Batch, Claim, DestinationName, LineOutcome, LineSet, ProgressWriter, Shipper,
};
use headcount_wire::Wish;

use super::batch::{Judged, Lost, judge, next_batch};
use super::due::Ready;
use super::next::{Next, next};
use super::receipt::{self, receipt};
use super::recheck::Recheck;
use super::run::{Attempt, Failed, FlushEnd};
use crate::disk::backoff::Backoff;
use crate::disk::pace::Pace;
use crate::disk::tally::{Answered, Loss};
use crate::disk::{private_file, quarantine, receipts};
use crate::ship::transport::{Gate, Request, Response, TransportError, request};

/// A destination, and what is needed to send to it.
pub(super) struct Delivery<'a> {
    shipper: &'a Shipper,
    ready: &'a Ready,
    recheck: Recheck<'a>,
    disk: Disk,
}

/// Whether this attempt knows that the disk is writable.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Disk {
    Unknown,
    Writable,
}

/// Whether to continue with a destination.
enum Step {
    Sent,
    Stop(FlushEnd),
}

/// A batch that was sent.
struct Sent<'a> {
    batch: u64,
    judged: &'a Judged,
    /// The backoff before this request.
    backoff: Backoff,
}

impl Attempt<'_> {
    /// Sends to a destination what is open in these claims, until it fails,
    /// asks for less, or the time is over.
    pub(super) fn deliver(
        &mut self,
        shipper: &Shipper,
        ready: &Ready,
        claims: &[Claim],
    ) -> Result<FlushEnd, Failed> {
        let Some(name) = DestinationName::new(ready.destination.name) else {
            return Ok(FlushEnd::Done);
        };
        let now = self.standing.surroundings().now();
        let recheck = Recheck::new(self.catalog, now, ready.rate);
        let mut delivery = Delivery { shipper, ready, recheck, disk: Disk::Unknown };
        for claim in claims {
            let mut progress = shipper.progress(claim, &name)?;
            loop {
                match self.step(&mut delivery, claim, &mut progress)? {
                    Some(Step::Sent) => {}
                    Some(Step::Stop(end)) => return Ok(end),
                    None => break,
                }
            }
        }
        Ok(FlushEnd::Done)
    }

    /// Seals and sends one batch; `None` if nothing of the claim is left to
    /// send.
    fn step(
        &mut self,
        delivery: &mut Delivery<'_>,
        claim: &Claim,
        progress: &mut ProgressWriter<'_>,
    ) -> Result<Option<Step>, Failed> {
        let Some(batch) = self.sealed(delivery, claim, progress)? else { return Ok(None) };
        let destination = delivery.ready.destination;
        let judged = judge(&delivery.recheck, claim, &batch)?;
        self.lose(progress, &judged.lost)?;
        if judged.records.is_empty() {
            // Only another version can send the rest.
            progress.release(batch.number())?;
            return Ok(Some(Step::Sent));
        }
        let request = request(self.catalog, destination, &delivery.ready.target, &judged.records)?;
        let Some(time) = self.time() else { return Ok(Some(Step::Stop(FlushEnd::OutOfTime))) };
        if !self.permitted() {
            return Ok(Some(Step::Stop(FlushEnd::NotPermitted)));
        }
        let backoff = Backoff::read(&self.paths.backoff(destination.name));
        if delivery.disk == Disk::Unknown {
            // An earlier attempt sealed the batch. If the disk is full, the
            // answer could not be saved and the batch would be sent at every
            // command. So save the pause first.
            self.pause(destination, backoff, None)?;
            delivery.disk = Disk::Writable;
        }
        let answer = self.send(delivery, &request, time);
        let next = self.count(destination, &answer, judged.records.len());
        let receipt = receipt(&receipt::Sent {
            time: self.standing.surroundings().now(),
            destination: destination.name,
            events: judged.records.len() as u64,
            bytes: request.body.len() as u64,
            answer: &answer,
            next: &next,
        });
        let sent = Sent { batch: batch.number(), judged: &judged, backoff };
        let step = self.settle(destination, progress, &sent, next);
        let paced = self.paced(delivery.ready, wish(answer.as_ref().ok()));
        // Sending continues if the receipt cannot be saved.
        let _ = receipts::keep(self.paths, &receipt);
        Ok(Some(paced?.unwrap_or(step?)))
    }

    /// The next batch of a claim: one that was sealed before, or else a new
    /// one; `None` if nothing is left.
    fn sealed(
        &mut self,
        delivery: &mut Delivery<'_>,
        claim: &Claim,
        progress: &mut ProgressWriter<'_>,
    ) -> Result<Option<Batch>, Failed> {
        if progress.batches().is_empty() {
            let dialect = delivery.ready.destination.dialect;
            let (fit, lost) = next_batch(&delivery.recheck, dialect, claim, progress)?;
            self.lose(progress, &lost)?;
            progress.seal(fit, self.now_s())?;
            delivery.disk = Disk::Writable;
        }
        Ok(progress.batches().first().cloned())
    }

    /// Sends a request. A child process of the transport, which may outlive
    /// this one, holds the ship lock too.
    fn send(
        &self,
        delivery: &Delivery<'_>,
        request: &Request,
        time: Duration,
    ) -> Result<Response, TransportError> {
        let mut open = || true;
        let mut gate = Gate::new(&mut open).holding(delivery.shipper.lock());
        self.transport.send_through(request, time, &mut gate)
    }

    /// Saves what a destination asks for. A new wish counts for the rest from
    /// the next attempt on.
    fn paced(&self, ready: &Ready, wish: Option<Wish>) -> Result<Option<Step>, Failed> {
        let Some(wish) = wish else { return Ok(None) };
        let pace = Pace::said(wish, self.standing.surroundings().now());
        pace.write(&self.paths.pace(ready.destination.name))?;
        Ok(pace.changes(ready.rate).then_some(Step::Stop(FlushEnd::Done)))
    }

    /// Counts a request and returns what its answer means.
    fn count(
        &mut self,
        destination: &Destination,
        answer: &Result<Response, TransportError>,
        events: usize,
    ) -> Next {
        let next = match answer {
            Ok(response) => next(destination, response, events, self.standing.surroundings().now()),
            Err(_) => Next::Keep(None),
        };
        self.tally.request(match next {
            Next::Keep(_) | Next::Quarantine => Answered::No,
            Next::Done(_) | Next::Split => Answered::Yes,
        });
        next
    }

    /// Settles lines that will never be sent.
    fn lose(&mut self, progress: &mut ProgressWriter<'_>, lost: &Lost) -> Result<(), Failed> {
        progress.settle(&lost.lines, LineOutcome::Dropped)?;
        lost.reasons.iter().for_each(|reason| self.tally.lose(*reason, 1));
        Ok(())
    }

    fn settle(
        &mut self,
        destination: &Destination,
        progress: &mut ProgressWriter<'_>,
        sent: &Sent<'_>,
        next: Next,
    ) -> Result<Step, Failed> {
        let all: LineSet = set(sent.judged.lines.iter().copied());
        match next {
            Next::Done(settled) => {
                let again = settled.again.iter();
                let again = set(again.filter_map(|index| sent.judged.lines.get(*index).copied()));
                let mut done = all;
                done.remove_all(&again);
                progress.settle(&done, LineOutcome::Done)?;
                self.arrived.taken += done.len().saturating_sub(settled.rejected);
                self.arrived.rejected += settled.rejected;
                self.tally.lose(Loss::Rejected, settled.rejected);
                if !again.is_empty() {
                    // A destination that accepts nothing of a batch has failed
                    // once more.
                    let taken = !done.is_empty();
                    let before = if taken { Backoff::default() } else { sent.backoff };
                    return self.back_off(destination, before, None);
                }
                private_file::remove(&self.paths.backoff(destination.name))?;
                Ok(Step::Sent)
            }
            Next::Split if all.len() > 1 => {
                progress.release(sent.batch)?;
                let (one, other) = all.halves();
                for half in [one, other] {
                    progress.seal(half, self.now_s())?;
                }
                Ok(Step::Sent)
            }
            Next::Split | Next::Quarantine => {
                // For the person to look at. Other batches are sent even if
                // this cannot be saved.
                let device = || self.device();
                let _ = quarantine::keep(self.paths, self.catalog, &sent.judged.records, device);
                self.arrived.rejected += all.len();
                self.tally.lose(Loss::Rejected, all.len());
                progress.settle(&all, LineOutcome::Quarantined)?;
                // It has answered, so there is no pause.
                private_file::remove(&self.paths.backoff(destination.name))?;
                Ok(Step::Sent)
            }
            Next::Keep(wish) => self.back_off(destination, sent.backoff, wish),
        }
    }

    fn back_off(
        &self,
        destination: &Destination,
        before: Backoff,
        wish: Option<Duration>,
    ) -> Result<Step, Failed> {
        self.pause(destination, before, wish)?;
        Ok(Step::Stop(FlushEnd::Done))
    }

    /// Saves a pause for a destination.
    fn pause(
        &self,
        destination: &Destination,
        before: Backoff,
        wish: Option<Duration>,
    ) -> Result<(), Failed> {
        let mut jitter = [0];
        getrandom::fill(&mut jitter)?;
        let now = self.standing.surroundings().now();
        let after = before.after_failure(now, wish, jitter[0]);
        Ok(after.write(&self.paths.backoff(destination.name))?)
    }
}

/// The pace that an answer asks for.
fn wish(response: Option<&Response>) -> Option<Wish> {
    Wish::parse(response?.send.as_deref()?)
}

fn set(lines: impl Iterator<Item = u64>) -> LineSet {
    let mut set = LineSet::default();
    lines.for_each(|line| set.insert(line));
    set
}
