//! Sends batches, and says what the destination made of each.

use std::time::Duration;

use headcount::ship::{Next, Pause, Request, Response, Target, next, request};
use headcount_catalog::{Catalog, Checked, Destination, Dialect, Time};
use headcount_wire::native::BatchAnswer;
use headcount_wire::{Outcome, Settled};

use super::batch::Batch;
use super::limits;
use super::tally::Tally;
use crate::server_sentence;

/// Sends a request with these records; the text says why no answer came.
pub(super) type Send<'a> = dyn Fn(&Request, &[Checked]) -> Result<Response, String> + 'a;

/// What one request needs besides its batch.
pub(super) struct Delivery<'a> {
    pub(super) catalog: &'static Catalog,
    pub(super) destination: Destination,
    pub(super) target: Target,
    pub(super) send: &'a Send<'a>,
    /// Waits.
    pub(super) wait: &'a dyn Fn(Duration),
    pub(super) now: &'a dyn Fn() -> Time,
}

impl Delivery<'_> {
    /// Sends a batch, in parts if it is too large, and again where the
    /// destination asks for that.
    ///
    /// # Errors
    ///
    /// Returns why nothing more can be sent.
    pub(super) fn deliver(&self, batch: &Batch, tally: &mut Tally) -> Result<(), String> {
        let target = self.target.clone().with_rate(batch.rate()).with_home(batch.home());
        // The parts of a batch that was too large, the first one last.
        let mut parts = vec![batch.records.clone()];
        while let Some(records) = parts.pop() {
            match self.settle(&target, &records, tally)? {
                Part::Settled => {}
                Part::TooLarge if records.len() < 2 => tally.reject("too-large", 1),
                Part::TooLarge => {
                    let (first, second) = records.split_at(records.len() / 2);
                    parts.push(second.to_vec());
                    parts.push(first.to_vec());
                }
            }
        }
        Ok(())
    }

    /// Sends records until the destination has answered for all of them.
    fn settle(
        &self,
        target: &Target,
        records: &[Checked],
        tally: &mut Tally,
    ) -> Result<Part, String> {
        let mut open = records.to_vec();
        let mut pause = limits::PAUSE_FIRST;
        for tried in 1..=limits::TRIES {
            let request = request(self.catalog, &self.destination, target, &open)
                .map_err(|error| format!("an event cannot be written: {error}"))?;
            let answer = (self.send)(&request, &open)?;
            match next(&self.destination, &answer, open.len(), (self.now)()) {
                Next::Split => return Ok(Part::TooLarge),
                Next::Quarantine => {
                    tally.request(&open);
                    tally.reject(&refusal(&answer), open.len() as u64);
                    return Ok(Part::Settled);
                }
                Next::Done(settled) => {
                    let again = settled.again.clone();
                    self.count(&open, &answer, &settled, tally);
                    open = again.iter().filter_map(|place| open.get(*place).cloned()).collect();
                    if open.is_empty() {
                        return Ok(Part::Settled);
                    }
                }
                Next::Keep(Pause::NotNow) => return Err(refusal(&answer)),
                Next::Keep(_) if answer.status < 400 => {
                    return Err(format!(
                        "it answered {}, but not as the dialect {} does: look at the address",
                        answer.status,
                        self.destination.dialect.name()
                    ));
                }
                Next::Keep(Pause::Asked(asked)) if asked > limits::PAUSE_LONGEST => {
                    return Err(format!("it asks to come back in {} seconds", asked.as_secs()));
                }
                Next::Keep(Pause::Asked(asked)) => pause = asked,
                Next::Keep(Pause::Usual) => {}
            }
            if tried < limits::TRIES {
                (self.wait)(pause);
                pause *= 2;
            }
        }
        Err(format!("it did not take a batch of {} events in {} tries", open.len(), limits::TRIES))
    }

    /// Counts what a destination has answered for.
    fn count(&self, records: &[Checked], answer: &Response, settled: &Settled, tally: &mut Tally) {
        let of_collector = (self.destination.dialect == Dialect::Headcount)
            .then(|| BatchAnswer::decode(&answer.body, records.len()))
            .flatten();
        let again = settled.again.len() as u64;
        let done: Vec<Checked> = records
            .iter()
            .enumerate()
            .filter(|(place, _)| !settled.again.contains(place))
            .map(|(_, record)| record.clone())
            .collect();
        tally.request(&done);
        tally.taken += (records.len() as u64).saturating_sub(settled.rejected + again);
        let Some(answer) = of_collector else {
            tally.reject("not-said", settled.rejected);
            return;
        };
        for outcome in &answer.outcomes {
            match outcome {
                Outcome::Duplicate => tally.duplicates += 1,
                Outcome::Rejected(reason) => tally.reject(reason.name(), 1),
                Outcome::Stored | Outcome::Refused => {}
            }
        }
    }
}

/// What became of a part of a batch.
enum Part {
    Settled,
    TooLarge,
}

/// An answer that takes nothing, in words: its status, and what the server says
/// in one line.
fn refusal(answer: &Response) -> String {
    let status = answer.status;
    match server_sentence::of(answer) {
        Some(said) => format!("it answered {status}: {said}"),
        None => format!("it answered {status}"),
    }
}

#[cfg(test)]
#[path = "delivery_tests.rs"]
mod tests;
