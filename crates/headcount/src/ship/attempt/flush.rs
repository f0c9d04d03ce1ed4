//! One attempt of a shipper, from taking the lock to its end.

use std::time::Instant;

use headcount_queue::{
    Claim, Claimed, DestinationName, LineOutcome, LineSet, Removal, ShipError, Shipper,
};
use headcount_wire::Rate;

use super::due::{self, Due, Ready};
use super::recheck::{Recheck, Verdict};
use super::run::{Arrived, Attempt, Failed, FlushEnd, Flushed};
use crate::built::BUILT;
use crate::disk::in_use::Patient;
use crate::disk::left::{Found, Left};
use crate::disk::sent::{SentAge, Unreadable};
use crate::disk::tally::{Loss, Tally};
use crate::disk::versions::{self, Newer};
use crate::disk::{agent_notes, line, private_file, quarantine, sent};
use crate::limits;
use crate::ship::transport::Transport;
use crate::standing::Standing;

/// Ships the queue to every destination that is neither backing off nor has
/// asked to stop.
///
/// Consent is read again before each request, and every record is checked
/// against the catalog again. No request is begun that could end later than ten
/// seconds after the start.
pub(crate) fn flush(standing: &Standing, transport: &dyn Transport) -> Flushed {
    let _patient = Patient::thread();
    let none = Flushed { ended: FlushEnd::NotPermitted, arrived: Arrived::default(), reports: 0 };
    // The local state has another queue, which is never shipped.
    if !BUILT || !standing.is_on() {
        return none;
    }
    let (Some(catalog), Some(paths), Some(queue)) =
        (standing.in_force(), standing.paths(), standing.queue())
    else {
        return none;
    };
    let mut attempt = Attempt {
        catalog,
        standing,
        paths,
        queue,
        transport,
        started: Instant::now(),
        arrived: Arrived::default(),
        newer: Newer::default(),
        tally: Tally::default(),
        reports: 0,
    };
    if !attempt.permitted() {
        return none;
    }
    let ended = attempt.run().unwrap_or(FlushEnd::Failed);
    Flushed { ended, arrived: attempt.arrived, reports: attempt.reports }
}

impl Attempt<'_> {
    /// Works in rounds as long as there is something new. A host that records
    /// while the lock is held starts no shipper, so this one looks again after
    /// it has released the lock.
    fn run(&mut self) -> Result<FlushEnd, Failed> {
        let today = self.standing.surroundings().now().day();
        let days = self.catalog.retention.on_machine.0;
        let time = |line: &str| line::time(self.catalog, line);
        // What cannot be dropped now is dropped by another shipper.
        let _ = quarantine::drop_old(self.paths, today, days, time);
        let _ = sent::drop_old(self.paths, &SentAge { today, days, time: &time }, Unreadable::Goes);
        let _ = agent_notes::drop_old(self.paths, today, days);
        loop {
            let glance = self.queue.glance()?;
            if glance.unclaimed_bytes == 0 && glance.claims.is_empty() {
                return Ok(FlushEnd::Done);
            }
            let round = self.round()?;
            let more = round.ended == FlushEnd::Done
                && round.stuck == 0
                && self.time().is_some()
                && self.has_news();
            if !more {
                return Ok(round.ended);
            }
        }
    }

    /// Whether something was recorded that could be sent now.
    fn has_news(&self) -> bool {
        let unclaimed = self.queue.glance().is_ok_and(|glance| glance.unclaimed_bytes > 0);
        unclaimed && !due::ready(self.standing, self.catalog, self.paths).is_empty()
    }

    /// One round, from taking the lock to releasing it.
    fn round(&mut self) -> Result<Round, Failed> {
        let shipper = match self.queue.shipper(&self.paths.state_folder, limits::LOOK_WAIT) {
            Ok(shipper) => shipper,
            Err(ShipError::Held { .. }) => return Ok(Round { ended: FlushEnd::Held, stuck: 0 }),
            Err(error) => return Err(error.into()),
        };
        // An `off` may have held the lock and be done by now.
        if !self.permitted() {
            return Ok(Round { ended: FlushEnd::NotPermitted, stuck: 0 });
        }
        self.tally = Tally::read(&self.paths.tally());
        let before = self.tally.clone();
        self.tally.collect(self.paths);
        self.reports += std::mem::take(&mut self.tally.released);
        if self.tally != before {
            // The letters are removed by now.
            self.note_tally();
        }
        let today = self.standing.surroundings().now().day();
        self.newer = Newer::read(self.standing.catalog(), self.paths, today);
        let names = self.names_of_all();
        let ready = due::ready(self.standing, self.catalog, self.paths);
        // A report that cannot be queued now is queued another time.
        let _ = self.tell(&ready);
        let claimed = self.claim(&shipper, &names, &ready)?;
        if claimed.drops.total() > 0 {
            // These lines are gone by now, too.
            self.tally.take_in(&claimed.drops);
            self.note_tally();
        }
        let mut ended = FlushEnd::Done;
        for ready in &ready {
            match self.deliver(&shipper, ready, &claimed.claims) {
                Ok(FlushEnd::Done) => {}
                // Unreadable files of one destination do not stop the others.
                Err(_) => ended = FlushEnd::Failed,
                Ok(other) => {
                    ended = other;
                    break;
                }
            }
        }
        if self.tend(&shipper, &names, &claimed).is_err() {
            ended = FlushEnd::Failed;
        }
        let _ = self.prepare();
        if self.tally != before {
            self.tally.since_s.get_or_insert(self.standing.surroundings().now().seconds());
            // Ship even if the tally cannot be saved.
            let _ = self.save_tally();
        }
        Ok(Round { ended, stuck: claimed.problems.len() })
    }

    /// Writes the tally before the shipment, which may take ten seconds or be
    /// killed. Ships even if it cannot be written.
    fn note_tally(&mut self) {
        self.tally.since_s.get_or_insert(self.standing.surroundings().now().seconds());
        let _ = self.tally.write(&self.paths.tally());
    }

    /// Claims what was recorded, if it is due. While no destination is ready,
    /// another claim at each try would only mean another request later, unless
    /// the queue would grow too large or too old.
    fn claim(
        &self,
        shipper: &Shipper,
        names: &[DestinationName],
        ready: &[Ready],
    ) -> Result<Claimed, Failed> {
        let due = due::due(self.standing, self.catalog, self.paths, &self.queue, ready);
        let claimed = match due {
            Due::Now => shipper.claim(self.now_s(), names),
            Due::Nothing | Due::NoDestination => shipper.adopt(self.now_s(), names),
        };
        Ok(claimed?)
    }

    /// Gives up what has waited too long, removes what is refused, and what is
    /// settled for every destination, and saves what is left.
    fn tend(
        &mut self,
        shipper: &Shipper,
        names: &[DestinationName],
        claimed: &Claimed,
    ) -> Result<(), Failed> {
        let recheck = self.recheck(Rate::WHOLE);
        // Their number is limited, too.
        let _ = versions::sweep(self.paths, self.standing.surroundings().now().day());
        let mut found =
            Found { catalog: self.catalog.fingerprint(), waiting: Vec::new(), until: None };
        // A claim that cannot be read or changed does not keep the others.
        let mut done = Ok(());
        for claim in &claimed.claims {
            let given_up = self.give_up_old(shipper, names, claim, &recheck, &mut found);
            let removal = shipper.remove_when_settled(claim, names);
            if let Ok(Removal::Removed(skipped)) = &removal {
                self.tally.take_in(skipped);
            }
            done = done.and(given_up).and(removal.map(drop).map_err(Failed::from));
        }
        if done.is_err() {
            // What it holds nobody knows.
            let _ = private_file::remove(&self.paths.left());
            return done;
        }
        let claims = self.queue.glance()?.claims;
        let path = self.paths.left();
        // What could not be claimed or read may contain anything.
        if claims.is_empty() || !claimed.problems.is_empty() {
            return Ok(private_file::remove(&path)?);
        }
        let before = Left::read(&path);
        let after = before.clone().with(&claims, found);
        if after == before { Ok(()) } else { Ok(after.write(&path)?) }
    }

    fn give_up_old(
        &mut self,
        shipper: &Shipper,
        names: &[DestinationName],
        claim: &Claim,
        recheck: &Recheck<'_>,
        found: &mut Found,
    ) -> Result<(), Failed> {
        let own = self.names();
        let others = claim.begun().iter().filter(|begun| !names.contains(begun));
        let names: Vec<&DestinationName> = names.iter().chain(others).collect();
        let progress = names.iter().map(|name| shipper.progress(claim, name));
        let mut progress = progress.collect::<Result<Vec<_>, _>>()?;
        let (mut old, mut refused) = (LineSet::default(), LineSet::default());
        for line in claim.lines()? {
            let line = line?;
            let lacking = names.iter().zip(&progress);
            let lacking = lacking.filter(|(_, progress)| !progress.is_settled(line.index));
            let lacking: Vec<&DestinationName> = lacking.map(|(name, _)| *name).collect();
            if lacking.is_empty() {
                continue;
            }
            let (waiting, time) = match recheck.verdict(&line.text) {
                Verdict::Lost(Loss::OverAge) => {
                    old.insert(line.index);
                    continue;
                }
                Verdict::Refused => {
                    refused.insert(line.index);
                    continue;
                }
                Verdict::Waits { time } => (Vec::new(), time),
                Verdict::Goes(_) | Verdict::Lost(_) => {
                    let waiting: Vec<_> =
                        lacking.into_iter().filter(|name| own.contains(name)).collect();
                    (waiting, line::time(self.catalog, &line.text))
                }
            };
            if waiting.is_empty() {
                // Only another version can send it.
                let until = time.map(|time| line::last_day(self.catalog, time));
                found.until = [found.until, until].into_iter().flatten().min();
            }
            for name in waiting {
                if !found.waiting.iter().any(|known| known == name.as_str()) {
                    found.waiting.push(name.as_str().to_owned());
                }
            }
        }
        self.tally.lose(Loss::OverAge, old.len());
        for progress in &mut progress {
            progress.settle(&old, LineOutcome::Dropped)?;
        }
        if refused.is_empty() {
            return Ok(());
        }
        // Recorded a moment before it was refused.
        let skipped = shipper.remove_lines(claim, &refused)?;
        self.tally.take_in(&skipped);
        Ok(())
    }
}

/// The result of a round.
struct Round {
    ended: FlushEnd,
    /// Segments and claims that could not be taken, now or in the next moment.
    stuck: usize,
}
