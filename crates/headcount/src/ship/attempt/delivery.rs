//! One destination's part of an attempt: sends the batches of every claim and
//! settles each answer.

use std::time::Duration;

use headcount_catalog::{Checked, Destination};
use headcount_queue::{
    Batch, Claim, DestinationName, LineOutcome, LineSet, ProgressWriter, Shipper,
};
use headcount_wire::Wish;

use super::batch::{Judged, Lost, judge, next_batch};
use super::due::Ready;
use super::heed;
use super::next::Next;
use super::receipt::{self, receipt};
use super::recheck::Recheck;
use super::run::{Attempt, Failed, FlushEnd};
use super::sent_records::{self, BodyReach};
use crate::consent::SendPermit;
use crate::disk::backoff::{Backoff, Pause};
use crate::disk::tally::{Answered, Loss};
use crate::disk::{private_file, quarantine, receipts};
use crate::ship::transport::{Gate, Request, Response, TransportError, Via, request};

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
        let recheck = self.recheck(ready.rate);
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
        let Some(permit) = self.send_permit() else {
            return Ok(Some(Step::Stop(FlushEnd::NotPermitted)));
        };
        let path = self.paths.backoff(destination.name);
        let backoff = Backoff::read(&path, delivery.ready.target.replaced());
        if delivery.disk == Disk::Unknown {
            // An earlier attempt sealed the batch. If the disk is full, the
            // answer could not be saved and the batch would be sent at every
            // command. So save the pause first.
            self.pause(delivery.ready, backoff, Pause::Usual)?;
            delivery.disk = Disk::Writable;
        }
        let (answer, reach) = self.send(delivery, permit, &request, time);
        let via = Via::here(&request.url, self.standing.surroundings());
        let next = self.count(destination, &answer, &via, judged.records.len());
        let receipt = receipt(&receipt::Sent {
            time: self.standing.surroundings().now(),
            destination: destination.name,
            records: &judged.records,
            device: judged.records.first().and_then(|record| record.device(self.catalog)),
            bytes: request.body.len() as u64,
            answer: &answer,
            next: &next,
            via: &via,
        });
        // Before the batch is settled: if this is killed in between, the batch
        // is sent again, and kept then.
        let kept = sent_records::keep(self, reach, &receipt, &judged);
        let sent = Sent { batch: batch.number(), judged: &judged, backoff };
        let step = self.settle(delivery.ready, progress, &sent, next);
        let paced = self.paced((delivery.ready, &via), &judged.records, heed::wish(&answer));
        // Sending continues if neither can be saved. A lock that somebody holds
        // for too long is waited for once.
        if !kept.is_err_and(|error| error.is_busy()) {
            let _ = receipts::keep(self.paths, &receipt);
        }
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

    /// Sends a request, and says how far it came. A child process of the
    /// transport, which may outlive this one, holds the ship lock too.
    fn send(
        &self,
        delivery: &Delivery<'_>,
        permit: SendPermit,
        request: &Request,
        time: Duration,
    ) -> (Result<Response, TransportError>, BodyReach) {
        let mut reach = BodyReach::Here;
        let mut open = || {
            reach = BodyReach::MayHaveLeft;
            true
        };
        let mut gate = Gate::permitted(permit, &mut open).holding(delivery.shipper.lock());
        let answer = self.transport.send_through(request, time, &mut gate);
        match &answer {
            Err(error) if error.is_before_the_body() => (answer, BodyReach::Here),
            _ => (answer, reach),
        }
    }

    /// Heeds what a destination asks for. A new wish counts for the rest from
    /// the next attempt on.
    fn paced(
        &self,
        (ready, via): (&Ready, &Via),
        records: &[Checked],
        wish: Option<Wish>,
    ) -> Result<Option<Step>, Failed> {
        let Some(wish) = wish else { return Ok(None) };
        heed::keep(self.standing, (self.catalog, self.paths), (ready, via), records, wish)?;
        let is_new = wish != Wish::Send(ready.rate);
        Ok(is_new.then_some(Step::Stop(FlushEnd::Done)))
    }

    /// Counts a request and returns what its answer means.
    fn count(
        &mut self,
        destination: &Destination,
        answer: &Result<Response, TransportError>,
        via: &Via,
        events: usize,
    ) -> Next {
        let now = self.standing.surroundings().now();
        let next = heed::meaning(destination, answer, via, events, now);
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
        ready: &Ready,
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
                    return self.back_off(ready, before, Pause::Usual);
                }
                private_file::remove(&self.paths.backoff(ready.destination.name))?;
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
                private_file::remove(&self.paths.backoff(ready.destination.name))?;
                Ok(Step::Sent)
            }
            Next::Keep(pause) => self.back_off(ready, sent.backoff, pause),
        }
    }

    fn back_off(&self, ready: &Ready, before: Backoff, pause: Pause) -> Result<Step, Failed> {
        self.pause(ready, before, pause)?;
        Ok(Step::Stop(FlushEnd::Done))
    }

    /// Saves a pause for a destination.
    fn pause(&self, ready: &Ready, before: Backoff, pause: Pause) -> Result<(), Failed> {
        let mut jitter = [0];
        getrandom::fill(&mut jitter)?;
        let now = self.standing.surroundings().now();
        let after = before.after_failure(now, pause, jitter[0]);
        let path = self.paths.backoff(ready.destination.name);
        Ok(after.write(&path, ready.target.replaced())?)
    }
}

fn set(lines: impl Iterator<Item = u64>) -> LineSet {
    let mut set = LineSet::default();
    lines.for_each(|line| set.insert(line));
    set
}
