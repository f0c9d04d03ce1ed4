//! Thread mode: records wait in memory, and a thread sends each at once. No
//! event is ever written to disk, and the host does not wait for the thread.
//!
//! ```text
//! record ─▶ memory ─▶ thread ─▶ destination
//!              └─ at the end ─▶ pipe ─▶ one detached attempt ─▶ destination
//! ```
//!
//! A record counts as sent when the first byte of its body leaves. At that
//! moment the thread asks whether the host has ended; if so, the record goes
//! over the pipe instead. So no record goes both ways. Nothing is tried twice
//! either: what fails, in the thread or in the attempt, is lost.

use std::collections::VecDeque;
use std::io::{self, Read as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use headcount_catalog::{Catalog, Checked};
use headcount_wire::Rate;

use crate::disk::tally::{self, Loss};
use crate::ship::{self, Basis, Failed, Once, Recheck, Started, Transport, Verdict};
use crate::standing::Standing;
use crate::{Paths, Telemetry, limits};

/// The records of one host that wait in memory, and the thread that sends them.
#[derive(Debug)]
pub(crate) struct Memory {
    shared: Arc<Shared>,
    telemetry: Telemetry,
    /// The process that owns the records: after a fork the child has copies of
    /// them, but not the thread.
    process: u32,
}

/// What recording and the thread share.
#[derive(Debug, Default)]
struct Shared {
    pile: Mutex<Pile>,
    news: Condvar,
}

#[derive(Debug, Default)]
struct Pile {
    waiting: VecDeque<Parcel>,
    /// The parcel that the thread is sending, until its body leaves.
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
    /// An empty memory without a thread.
    pub(crate) fn new(telemetry: &Telemetry) -> Self {
        Self { shared: Arc::default(), telemetry: telemetry.clone(), process: std::process::id() }
    }

    fn is_ours(&self) -> bool {
        self.process == std::process::id()
    }

    /// Leaves a record to the thread. The first record starts the thread.
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
            let spawned = thread::Builder::new()
                .name("headcount-send".to_owned())
                .spawn(move || send_all(&telemetry, &shared));
            // If the system cannot start a thread, everything is handed over at
            // the end.
            if spawned.is_ok() {
                pile.phase = Phase::Sending;
            }
        }
        drop(pile);
        self.shared.news.notify_one();
    }

    /// Ends sending: hands what is not sent to one detached attempt, as much as
    /// a pipe holds, and does not wait.
    ///
    /// # Errors
    ///
    /// Returns an error if the attempt cannot be started.
    pub(crate) fn hand_over(&self) -> io::Result<Started> {
        if !self.is_ours() {
            return Ok(Started::NothingDue);
        }
        let parcels = self.shared.end();
        if parcels.is_empty() {
            return Ok(Started::NothingDue);
        }
        let standing = Standing::of(&self.telemetry);
        let (Some(paths), Some(permit)) = (standing.paths(), standing.send_permit()) else {
            return Ok(Started::NotPermitted);
        };
        if ship::is_marked(&self.telemetry) {
            return Ok(Started::Marked);
        }
        let (input, lost) = written(&parcels);
        (0..lost).for_each(|_| tally::leave(paths, Loss::Full));
        ship::start_with(permit, &standing, paths, &input)
    }
}

/// Hands over the rest if the host forgets to do so.
impl Drop for Memory {
    fn drop(&mut self) {
        let _ = self.hand_over();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Pile> {
        // A panic in a transport leaves the pile valid.
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

    /// Whether the parcel may be sent. It counts as sent from now on.
    fn let_go(&self) -> bool {
        self.lock().in_hand.take().is_some()
    }

    /// Takes all parcels that are not sent.
    fn end(&self) -> Vec<Parcel> {
        let mut pile = self.lock();
        pile.phase = Phase::Over;
        let in_hand = pile.in_hand.take();
        let unsent = in_hand.into_iter().chain(std::mem::take(&mut pile.waiting)).collect();
        drop(pile);
        self.news.notify_all();
        unsent
    }
}

/// Sends one parcel after another until the host has ended.
fn send_all(telemetry: &Telemetry, shared: &Shared) {
    let Some(transport) = ship::built_in() else { return };
    each(shared, |parcel| {
        // Errors are dropped: nothing is tried twice.
        let _ = send(telemetry, parcel, transport.as_ref(), shared);
    });
}

/// Takes one parcel after another. A panic costs the parcel that it happened
/// with, and none behind it.
fn each(shared: &Shared, mut send: impl FnMut(&Parcel)) {
    while let Some(parcel) = shared.take() {
        let _ = ship::guarded(|| send(&parcel));
        // Not tried again, whatever happened.
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
    let (standing, limit, basis) = (&standing, limits::REQUEST, Basis::Now);
    let once = Once { standing, catalog, paths, transport, limit, basis };
    Some(once.send(ready, &[record], &mut || shared.let_go()))
}

fn judged(standing: &Standing, catalog: &Catalog, line: &str) -> Option<Checked> {
    let recheck = Recheck::new(catalog, standing.surroundings().now(), Rate::WHOLE)
        .refusing((standing.catalog(), standing.refusals()))
        .with_ids(standing.catalog(), standing.paths());
    match recheck.verdict(line) {
        Verdict::Goes(record) => Some(*record),
        Verdict::Waits { .. } | Verdict::Lost(_) | Verdict::Refused => None,
    }
}

/// Parcels as the pipe carries them, one per line: the destination's name, a
/// space, the record. Also returns how many the pipe cannot hold.
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

/// The detached attempt: sends once what the host handed over. Only a process
/// that was started for it reads standard input.
pub(crate) fn attempt(standing: &Standing, transport: &dyn Transport, input: impl io::Read) {
    let mut text = String::new();
    let most = limits::HANDED_BYTES as u64;
    if input.take(most).read_to_string(&mut text).is_err() {
        return;
    }
    let (Some(catalog), Some(paths)) = (standing.in_force(), standing.paths()) else { return };
    let started = Instant::now();
    for ready in ship::ready(standing, catalog, paths) {
        let name = ready.destination.name;
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        let lines = lines.filter(|(destination, _)| *destination == name);
        let mut records =
            lines.filter_map(|(_, line)| Some((judged(standing, catalog, line)?, line.len())));
        for batch in ship::batches(catalog, ready.destination.dialect, &mut records) {
            let remaining = limits::LIFETIME.saturating_sub(started.elapsed());
            if remaining < limits::REQUEST {
                return;
            }
            let (limit, basis) = (limits::REQUEST, Basis::Now);
            let once = Once { standing, catalog, paths, transport, limit, basis };
            // Errors are dropped: nothing is tried twice.
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
    fn a_panic_costs_one_parcel_and_none_behind_it() {
        let shared = shared(&["a", "b", "c"]);
        let mut sent = Vec::new();
        each(&shared, |parcel| {
            assert!(shared.let_go());
            assert_ne!(parcel.line.as_ref(), "a", "a panic of the test's own");
            sent.push(parcel.line.to_string());
            if sent.len() == 2 {
                assert_eq!(shared.end(), []);
            }
        });
        assert_eq!(sent, ["b", "c"]);
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
