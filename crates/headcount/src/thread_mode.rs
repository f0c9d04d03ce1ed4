//! Thread mode: what a host records waits in memory, and a thread sends it at
//! once. No event is ever written to disk, and nobody waits for the thread.
//!
//! ```text
//! record ─▶ memory ─▶ thread ─▶ destination
//!              └─ at the end ─▶ pipe ─▶ one detached attempt ─▶ destination
//! ```
//!
//! A record has gone when the first byte of its body leaves: the thread asks at
//! that very moment whether the host has ended meanwhile, and what it may not
//! send any more goes over the pipe instead. So nothing goes both ways. Nothing
//! is tried twice either: what fails, in the thread or in the attempt, is lost.

use std::collections::VecDeque;
use std::io::{self, Read as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use headcount_catalog::{Catalog, Checked};
use headcount_wire::Rate;

use crate::disk::tally::{self, Loss};
use crate::ship::{self, Failed, Once, Recheck, Started, Transport, Verdict};
use crate::standing::Standing;
use crate::{Paths, Telemetry, limits};

/// The records of one host that wait in memory, and the thread that sends them.
#[derive(Debug)]
pub(crate) struct Memory {
    shared: Arc<Shared>,
    telemetry: Telemetry,
    /// The process whose records these are: after a fork the child has copies of
    /// them and not the thread.
    process: u32,
}

/// What both sides see.
#[derive(Debug, Default)]
struct Shared {
    pile: Mutex<Pile>,
    news: Condvar,
}

#[derive(Debug, Default)]
struct Pile {
    waiting: VecDeque<Parcel>,
    /// The one that the thread has, until its body leaves.
    in_hand: Option<Parcel>,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Phase {
    /// No thread yet.
    #[default]
    Fresh,
    /// A thread sends.
    Sending,
    /// The host has ended.
    Over,
}

/// A record for one destination.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Parcel {
    destination: &'static str,
    line: Arc<str>,
}

impl Memory {
    /// Nothing yet, and no thread.
    pub(crate) fn new(telemetry: &Telemetry) -> Self {
        Self { shared: Arc::default(), telemetry: telemetry.clone(), process: std::process::id() }
    }

    fn is_ours(&self) -> bool {
        self.process == std::process::id()
    }

    /// Leaves a record to the thread, which begins with the first one.
    pub(crate) fn put(&self, paths: &Paths, line: &str) {
        if !self.is_ours() {
            return Self::new(&self.telemetry).put(paths, line);
        }
        let mut pile = self.shared.lock();
        if pile.phase == Phase::Over || pile.waiting.len() >= limits::MEMORY_RECORDS {
            drop(pile);
            tally::leave(paths, Loss::Full);
            return;
        }
        let line: Arc<str> = Arc::from(line);
        let names =
            self.telemetry.catalog().destinations.iter().map(|destination| destination.name);
        pile.waiting
            .extend(names.map(|destination| Parcel { destination, line: Arc::clone(&line) }));
        if pile.phase == Phase::Fresh {
            let (telemetry, shared) = (self.telemetry.clone(), Arc::clone(&self.shared));
            let begun = thread::Builder::new()
                .name("headcount-send".to_owned())
                .spawn(move || send_all(&telemetry, &shared));
            // Where the system gives no thread, all is handed over at the end.
            if begun.is_ok() {
                pile.phase = Phase::Sending;
            }
        }
        drop(pile);
        self.shared.news.notify_one();
    }

    /// Ends it: hands what has not gone to one detached attempt, as much as a
    /// pipe holds, and waits for nobody.
    ///
    /// # Errors
    ///
    /// What the system says to the start.
    pub(crate) fn hand_over(&self) -> io::Result<Started> {
        if !self.is_ours() {
            return Ok(Started::NothingDue);
        }
        let parcels = self.shared.end();
        if parcels.is_empty() {
            return Ok(Started::NothingDue);
        }
        let standing = Standing::of(&self.telemetry);
        let Some(paths) = standing.paths().filter(|_| standing.is_on()) else {
            return Ok(Started::NotPermitted);
        };
        if ship::is_marked(&standing) {
            return Ok(Started::Marked);
        }
        let (input, lost) = written(&parcels);
        (0..lost).for_each(|_| tally::leave(paths, Loss::Full));
        ship::start_with(&standing, paths, &input)
    }
}

/// A host that forgets to say that it ends loses nothing by it.
impl Drop for Memory {
    fn drop(&mut self) {
        let _ = self.hand_over();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Pile> {
        // A thread that panicked in a transport leaves the pile as it is.
        self.pile.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next parcel for the thread; `None` when the host has ended.
    fn take(&self) -> Option<Parcel> {
        let mut pile = self.lock();
        loop {
            if pile.phase == Phase::Over {
                return None;
            }
            if let Some(parcel) = pile.waiting.pop_front() {
                pile.in_hand = Some(parcel.clone());
                return Some(parcel);
            }
            pile = self.news.wait(pile).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether the parcel in hand may go; from now on it has gone.
    fn let_go(&self) -> bool {
        self.lock().in_hand.take().is_some()
    }

    /// Takes away whatever has not gone.
    fn end(&self) -> Vec<Parcel> {
        let mut pile = self.lock();
        pile.phase = Phase::Over;
        let left = pile.in_hand.take();
        let left = left.into_iter().chain(std::mem::take(&mut pile.waiting)).collect();
        drop(pile);
        self.news.notify_all();
        left
    }
}

/// Sends one parcel after the other, until the host has ended.
fn send_all(telemetry: &Telemetry, shared: &Shared) {
    let Some(transport) = ship::built_in() else { return };
    while let Some(parcel) = shared.take() {
        // Silent whatever happens.
        let _ = send(telemetry, &parcel, transport.as_ref(), shared);
        // Whatever kept it from going: it is not tried again.
        shared.let_go();
    }
}

fn send(
    telemetry: &Telemetry,
    parcel: &Parcel,
    transport: &dyn Transport,
    shared: &Shared,
) -> Option<Result<(), Failed>> {
    let standing = Standing::of(telemetry);
    let (catalog, paths) = (standing.in_force()?, standing.paths()?);
    let ready = ship::ready(&standing, catalog, paths);
    let ready = ready.iter().find(|ready| ready.destination.name == parcel.destination)?;
    let record = judged(&standing, catalog, &parcel.line)?;
    let once = Once { standing: &standing, catalog, paths, transport, limit: limits::REQUEST };
    Some(once.send(ready, &[record], &mut || shared.let_go()))
}

fn judged(standing: &Standing, catalog: &Catalog, line: &str) -> Option<Checked> {
    let recheck = Recheck::new(catalog, standing.surroundings().now(), Rate::WHOLE);
    match recheck.verdict(line) {
        Verdict::Goes(record) => Some(*record),
        Verdict::Waits { .. } | Verdict::Lost(_) => None,
    }
}

/// Parcels as the pipe carries them, a line each: the destination's name, a
/// space, the record. Also how many a pipe does not hold.
fn written(parcels: &[Parcel]) -> (Vec<u8>, usize) {
    let mut bytes = Vec::new();
    let mut lost = 0;
    for Parcel { destination, line } in parcels {
        let text = format!("{destination} {line}\n");
        if bytes.len() + text.len() <= limits::HANDED_BYTES {
            bytes.extend_from_slice(text.as_bytes());
        } else {
            lost += 1;
        }
    }
    (bytes, lost)
}

/// The detached attempt: sends, once, what the host handed over. Only a process
/// that was started for it reads its standard input.
pub(crate) fn attempt(standing: &Standing, transport: &dyn Transport, input: impl io::Read) {
    let mut text = String::new();
    let most = limits::HANDED_BYTES as u64;
    if input.take(most).read_to_string(&mut text).is_err() {
        return;
    }
    let (Some(catalog), Some(paths)) = (standing.in_force(), standing.paths()) else { return };
    let born = Instant::now();
    for ready in ship::ready(standing, catalog, paths) {
        let name = ready.destination.name;
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        let lines = lines.filter(|(destination, _)| *destination == name);
        let records =
            lines.filter_map(|(_, line)| Some((judged(standing, catalog, line)?, line.len())));
        for batch in ship::batches(catalog, ready.destination.dialect, records) {
            let left = limits::LIFETIME.saturating_sub(born.elapsed());
            if left < limits::REQUEST {
                return;
            }
            let once = Once { standing, catalog, paths, transport, limit: limits::REQUEST };
            // Silent whatever happens, and never again.
            let _ = once.send(&ready, &batch, &mut || true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parcel(line: &str) -> Parcel {
        Parcel { destination: "it", line: Arc::from(line) }
    }

    fn shared(lines: &[&str]) -> Shared {
        let shared = Shared::default();
        shared.lock().waiting.extend(lines.iter().map(|line| parcel(line)));
        shared
    }

    #[test]
    fn what_has_not_gone_is_handed_over_and_nothing_goes_both_ways() {
        let before = shared(&["a", "b"]);
        assert_eq!(before.take(), Some(parcel("a")));
        assert_eq!(before.end(), [parcel("a"), parcel("b")], "the body had not left");
        assert!(!before.let_go(), "the thread may not send it any more");
        assert_eq!(before.take(), None);

        let after = shared(&["a", "b"]);
        after.take();
        assert!(after.let_go());
        assert!(!after.let_go(), "it went once");
        assert_eq!(after.end(), [parcel("b")]);
        assert_eq!(after.end(), []);
    }

    #[test]
    fn a_pipe_holds_so_many_and_no_more() {
        let parcels: Vec<Parcel> = (0..20).map(|_| parcel(&"x".repeat(300))).collect();
        let (bytes, lost) = written(&parcels);
        assert!(bytes.len() <= limits::HANDED_BYTES);
        assert_eq!((bytes.len() / 304, lost), (13, 7));
        assert!(bytes.starts_with(b"it xxx") && bytes.ends_with(b"x\n"));
    }
}
