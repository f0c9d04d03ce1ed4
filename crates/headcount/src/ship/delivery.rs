//! One destination's part of an attempt: batch after batch of every claim, and
//! what each answer does to it.

use std::io;
use std::time::Duration;

use headcount_catalog::{Catalog, Checked, Destination};
use headcount_queue::{Claim, LineSet, Outcome, ProgressWriter, Shipper};
use headcount_wire::Wish;

use super::batch::Lost;
use super::due::Ready;
use super::flush::{Attempt, Ended};
use super::pace::Pace;
use super::receipts::{self, Receipt};
use super::recheck::Recheck;
use super::{Backoff, Judged, Next, Request, Response, TransportError};
use super::{judge, next, next_batch, request};
use crate::tally::{Answered, Loss};
use crate::{Paths, limits, private_file};

/// Whether to go on with a destination.
enum Step {
    Sent,
    Stop(Ended),
}

/// A batch on its way.
struct Sent<'a> {
    batch: u64,
    judged: &'a Judged,
}

impl Attempt<'_> {
    /// Sends a destination what it has not yet got of these claims, until it
    /// fails, asks for less, or there is no time.
    pub(super) fn deliver(
        &mut self,
        shipper: &Shipper,
        ready: &Ready,
        claims: &[Claim],
    ) -> io::Result<Ended> {
        let Some(name) = headcount_queue::Destination::new(ready.destination.name) else {
            return Ok(Ended::Done);
        };
        let now = self.session.surroundings.now();
        let recheck = Recheck::new(self.catalog, now, ready.rate);
        for claim in claims {
            let mut progress = shipper.progress(claim, &name).map_err(io::Error::other)?;
            loop {
                match self.step(ready, &recheck, claim, &mut progress)? {
                    Some(Step::Sent) => {}
                    Some(Step::Stop(ended)) => return Ok(ended),
                    None => break,
                }
            }
        }
        Ok(Ended::Done)
    }

    /// Seals and sends one batch; `None` where nothing of the claim is left to
    /// send.
    fn step(
        &mut self,
        ready: &Ready,
        recheck: &Recheck<'_>,
        claim: &Claim,
        progress: &mut ProgressWriter<'_>,
    ) -> io::Result<Option<Step>> {
        if progress.batches().is_empty() {
            let dialect = ready.destination.dialect;
            let (fit, lost) =
                next_batch(recheck, dialect, claim, progress).map_err(io::Error::other)?;
            self.lose(progress, &lost)?;
            progress.seal(fit, self.now_s()).map_err(io::Error::other)?;
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
        let Some(time) = self.time() else { return Ok(Some(Step::Stop(Ended::OutOfTime))) };
        if !self.permitted() {
            return Ok(Some(Step::Stop(Ended::NotPermitted)));
        }
        let answer = self.transport.send(&request, time);
        let next = self.heard(ready.destination, &request, &judged, &answer);
        let sent = Sent { batch: batch.number(), judged: &judged };
        let step = self.settle(ready.destination, progress, &sent, next)?;
        match wish(answer.as_ref().ok()) {
            None => Ok(Some(step)),
            Some(wish) => {
                let pace = Pace::said(wish, self.session.surroundings.now());
                pace.write(&self.paths.pace(ready.destination.name))?;
                // What is left is judged by the new wish: in the next attempt.
                Ok(Some(if pace.changes(ready.rate) { Step::Stop(Ended::Done) } else { step }))
            }
        }
    }

    /// Counts a request and keeps its receipt; what its answer means.
    fn heard(
        &mut self,
        destination: &Destination,
        request: &Request,
        judged: &Judged,
        answer: &Result<Response, TransportError>,
    ) -> Next {
        let events = judged.records.len();
        let next = match answer {
            Ok(response) => next(destination, response, events),
            Err(_) => Next::Keep(None),
        };
        self.tally.request(match next {
            Next::Keep(_) | Next::Quarantine => Answered::No,
            Next::Done(_) | Next::Split => Answered::Yes,
        });
        let when_where = (self.session.surroundings.now(), destination.name);
        let size = (events as u64, request.body.len() as u64);
        // A receipt that cannot be kept keeps nothing from being sent.
        let _ = receipts::keep(self.paths, &Receipt::of(when_where, size, answer, &next));
        next
    }

    /// Settles lines that will never go.
    fn lose(&mut self, progress: &mut ProgressWriter<'_>, lost: &Lost) -> io::Result<()> {
        progress.settle(&lost.lines, Outcome::Dropped).map_err(io::Error::other)?;
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
                progress.settle(&done, Outcome::Done).map_err(io::Error::other)?;
                self.arrived.taken += done.len().saturating_sub(settled.rejected);
                self.arrived.rejected += settled.rejected;
                self.tally.lose(Loss::Rejected, settled.rejected);
                private_file::remove(&self.paths.backoff(destination.name))?;
                if again.is_empty() { Ok(Step::Sent) } else { self.back_off(destination, None) }
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
                set_aside(self.paths, self.catalog, &sent.judged.records)?;
                self.arrived.rejected += all.len();
                self.tally.lose(Loss::Rejected, all.len());
                progress.settle(&all, Outcome::Quarantined).map_err(io::Error::other)?;
                Ok(Step::Sent)
            }
            Next::Keep(wish) => self.back_off(destination, wish),
        }
    }

    fn back_off(&self, destination: &Destination, wish: Option<Duration>) -> io::Result<Step> {
        let mut jitter = [0];
        getrandom::fill(&mut jitter).map_err(io::Error::other)?;
        let path = self.paths.backoff(destination.name);
        let now = self.session.surroundings.now();
        Backoff::read(&path).after_failure(now, wish, jitter[0]).write(&path)?;
        Ok(Step::Stop(Ended::Done))
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
