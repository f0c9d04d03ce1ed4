//! One destination's part of an attempt: batch after batch of every claim, and
//! what each answer does to it.

use std::io;
use std::time::Duration;

use headcount_catalog::{Catalog, Checked, Destination};
use headcount_queue::{Claim, LineOutcome, LineSet, ProgressWriter, Shipper};
use headcount_wire::Wish;

use super::batch::Lost;
use super::due::Ready;
use super::flush::{Attempt, FlushEnd};
use super::pace::Pace;
use super::receipts::{self, Receipt};
use super::recheck::Recheck;
use super::{Backoff, Judged, Next, Response, TransportError};
use super::{judge, next, next_batch, request};
use crate::tally::{Answered, Loss};
use crate::{Paths, limits, private_file};

/// Whether to go on with a destination.
enum Step {
    Sent,
    Stop(FlushEnd),
}

/// A batch on its way.
struct Sent<'a> {
    batch: u64,
    judged: &'a Judged,
    /// As it was before.
    backoff: Backoff,
}

/// Whether this attempt has seen that the disk takes what it writes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Disk {
    Unknown,
    Writable,
}

impl Attempt<'_> {
    /// Sends a destination what it has not yet got of these claims, until it
    /// fails, asks for less, or there is no time.
    pub(super) fn deliver(
        &mut self,
        shipper: &Shipper,
        ready: &Ready,
        claims: &[Claim],
    ) -> io::Result<FlushEnd> {
        let Some(name) = headcount_queue::DestinationName::new(ready.destination.name) else {
            return Ok(FlushEnd::Done);
        };
        let now = self.session.surroundings.now();
        let recheck = Recheck::new(self.catalog, now, ready.rate);
        let mut disk = Disk::Unknown;
        for claim in claims {
            let mut progress = shipper.progress(claim, &name).map_err(io::Error::other)?;
            loop {
                match self.step((shipper, &mut disk), ready, (&recheck, claim), &mut progress)? {
                    Some(Step::Sent) => {}
                    Some(Step::Stop(ended)) => return Ok(ended),
                    None => break,
                }
            }
        }
        Ok(FlushEnd::Done)
    }

    /// Seals and sends one batch; `None` where nothing of the claim is left to
    /// send.
    fn step(
        &mut self,
        (shipper, disk): (&Shipper, &mut Disk),
        ready: &Ready,
        (recheck, claim): (&Recheck<'_>, &Claim),
        progress: &mut ProgressWriter<'_>,
    ) -> io::Result<Option<Step>> {
        if progress.batches().is_empty() {
            let dialect = ready.destination.dialect;
            let (fit, lost) =
                next_batch(recheck, dialect, claim, progress).map_err(io::Error::other)?;
            self.lose(progress, &lost)?;
            progress.seal(fit, self.now_s()).map_err(io::Error::other)?;
            *disk = Disk::Writable;
        }
        let Some(batch) = progress.batches().first().cloned() else { return Ok(None) };
        let judged = judge(recheck, claim, &batch).map_err(io::Error::other)?;
        self.lose(progress, &judged.lost)?;
        if judged.records.is_empty() {
            // Only another version can send the rest of it.
            progress.release(batch.number()).map_err(io::Error::other)?;
            return Ok(Some(Step::Sent));
        }
        let request = request(self.catalog, ready.destination, &ready.target, &judged.records)
            .map_err(io::Error::other)?;
        let Some(time) = self.time() else { return Ok(Some(Step::Stop(FlushEnd::OutOfTime))) };
        if !self.permitted() {
            return Ok(Some(Step::Stop(FlushEnd::NotPermitted)));
        }
        let backoff = Backoff::read(&self.paths.backoff(ready.destination.name));
        if *disk == Disk::Unknown {
            // Sealed by an attempt before. Where no answer could be kept, it would go out at every
            // command; so the pause after it is kept before.
            self.pause(ready.destination, backoff, None)?;
            *disk = Disk::Writable;
        }
        let answer = match shipper.lock() {
            // A transport's own child that outlives this process holds the ship lock too.
            Some(lock) => self.transport.send_if(&request, time, lock, &mut || true),
            None => self.transport.send(&request, time),
        };
        let next = self.heard(ready.destination, &answer, judged.records.len());
        let size = (judged.records.len() as u64, request.body.len() as u64);
        let when_where = (self.session.surroundings.now(), ready.destination.name);
        let receipt = Receipt::of(when_where, size, &answer, &next);
        let sent = Sent { batch: batch.number(), judged: &judged, backoff };
        let step = self.settle(ready.destination, progress, &sent, next);
        let paced = self.paced(ready, wish(answer.as_ref().ok()));
        // A receipt that cannot be kept keeps nothing from being sent.
        let _ = receipts::keep(self.paths, &receipt);
        Ok(Some(paced?.unwrap_or(step?)))
    }

    /// Keeps what a destination asks for; what is left is judged by a new wish
    /// in the next attempt.
    fn paced(&self, ready: &Ready, wish: Option<Wish>) -> io::Result<Option<Step>> {
        let Some(wish) = wish else { return Ok(None) };
        let pace = Pace::said(wish, self.session.surroundings.now());
        pace.write(&self.paths.pace(ready.destination.name))?;
        Ok(pace.changes(ready.rate).then_some(Step::Stop(FlushEnd::Done)))
    }

    /// Counts a request; what its answer means.
    fn heard(
        &mut self,
        destination: &Destination,
        answer: &Result<Response, TransportError>,
        events: usize,
    ) -> Next {
        let next = match answer {
            Ok(response) => next(destination, response, events, self.session.surroundings.now()),
            Err(_) => Next::Keep(None),
        };
        self.tally.request(match next {
            Next::Keep(_) | Next::Quarantine => Answered::No,
            Next::Done(_) | Next::Split => Answered::Yes,
        });
        next
    }

    /// Settles lines that will never go.
    fn lose(&mut self, progress: &mut ProgressWriter<'_>, lost: &Lost) -> io::Result<()> {
        progress.settle(&lost.lines, LineOutcome::Dropped).map_err(io::Error::other)?;
        lost.reasons.iter().for_each(|reason| self.tally.lose(*reason, 1));
        Ok(())
    }

    fn settle(
        &mut self,
        destination: &Destination,
        progress: &mut ProgressWriter<'_>,
        sent: &Sent<'_>,
        next: Next,
    ) -> io::Result<Step> {
        let all: LineSet = set(sent.judged.lines.iter().copied());
        match next {
            Next::Done(settled) => {
                let again = settled.again.iter();
                let again = set(again.filter_map(|place| sent.judged.lines.get(*place).copied()));
                let mut done = all;
                done.remove_all(&again);
                progress.settle(&done, LineOutcome::Done).map_err(io::Error::other)?;
                self.arrived.taken += done.len().saturating_sub(settled.rejected);
                self.arrived.rejected += settled.rejected;
                self.tally.lose(Loss::Rejected, settled.rejected);
                if !again.is_empty() {
                    // One that takes nothing of a batch has failed once more.
                    let taken = !done.is_empty();
                    let before = if taken { Backoff::default() } else { sent.backoff };
                    return self.back_off(destination, before, None);
                }
                private_file::remove(&self.paths.backoff(destination.name))?;
                Ok(Step::Sent)
            }
            Next::Split if all.len() > 1 => {
                progress.release(sent.batch).map_err(io::Error::other)?;
                let (one, other) = all.halves();
                for half in [one, other] {
                    progress.seal(half, self.now_s()).map_err(io::Error::other)?;
                }
                Ok(Step::Sent)
            }
            Next::Split | Next::Quarantine => {
                // For the person to look at: where it cannot be kept, the others go on all the same.
                let _ = set_aside(self.paths, self.catalog, &sent.judged.records);
                self.arrived.rejected += all.len();
                self.tally.lose(Loss::Rejected, all.len());
                progress.settle(&all, LineOutcome::Quarantined).map_err(io::Error::other)?;
                // It has answered.
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
    ) -> io::Result<Step> {
        self.pause(destination, before, wish)?;
        Ok(Step::Stop(FlushEnd::Done))
    }

    /// Leaves a destination alone for a while.
    fn pause(
        &self,
        destination: &Destination,
        before: Backoff,
        wish: Option<Duration>,
    ) -> io::Result<()> {
        let mut jitter = [0];
        getrandom::fill(&mut jitter).map_err(io::Error::other)?;
        let now = self.session.surroundings.now();
        let after = before.after_failure(now, wish, jitter[0]);
        after.write(&self.paths.backoff(destination.name))
    }
}

/// What an answer asks for.
fn wish(response: Option<&Response>) -> Option<Wish> {
    Wish::parse(response?.send.as_deref()?)
}

fn set(lines: impl Iterator<Item = u64>) -> LineSet {
    let mut set = LineSet::default();
    lines.for_each(|line| set.insert(line));
    set
}

/// Keeps records that a destination will never take, for the person to look at,
/// as they stood in the queue; beyond its bound the newest are let go.
fn set_aside(paths: &Paths, catalog: &Catalog, records: &[Checked]) -> io::Result<()> {
    let path = paths.quarantine();
    let mut size = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
    let mut text = String::new();
    for line in records.iter().filter_map(|record| headcount_wire::write(catalog, record).ok()) {
        size += line.len() as u64 + 1;
        if size > limits::QUARANTINE_BYTES {
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    if text.is_empty() { Ok(()) } else { private_file::append(&path, &text) }
}
