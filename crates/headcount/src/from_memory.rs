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

use crate::ship::{self, Recheck, Started, Transport, Verdict};
use crate::tally::{self, Loss};
use crate::{Host, Paths, Session, Surroundings, limits};

/// The records of one host that wait in memory, and the thread that sends them.
#[derive(Debug)]
pub(crate) struct Memory {
    shared: Arc<Shared>,
    sender: Sender,
    /// The process whose records these are: after a fork the child has copies of
    /// them and not the thread.
    process: u32,
}

/// What the thread is told, and what hands over what it leaves.
#[derive(Debug, Clone)]
struct Sender {
    catalog: &'static Catalog,
    host: Host,
    surroundings: Surroundings,
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
    pub(crate) fn new(catalog: &'static Catalog, host: &Host, surroundings: &Surroundings) -> Self {
        let sender = Sender { catalog, host: host.clone(), surroundings: surroundings.clone() };
        Self { shared: Arc::default(), sender, process: std::process::id() }
    }

    fn is_ours(&self) -> bool {
        self.process == std::process::id()
    }

    /// Leaves a record to the thread, which begins with the first one.
    pub(crate) fn put(&self, paths: &Paths, line: &str) {
        if !self.is_ours() {
            let Sender { catalog, host, surroundings } = &self.sender;
            return Self::new(catalog, host, surroundings).put(paths, line);
        }
        let mut pile = self.shared.lock();
        if pile.phase == Phase::Over || pile.waiting.len() >= limits::MEMORY_RECORDS {
            drop(pile);
            tally::leave(paths, Loss::Full);
            return;
        }
        let line: Arc<str> = Arc::from(line);
        let names = self.sender.catalog.destinations.iter().map(|it| it.name);
        pile.waiting
            .extend(names.map(|destination| Parcel { destination, line: Arc::clone(&line) }));
        if pile.phase == Phase::Fresh {
            let (sender, shared) = (self.sender.clone(), Arc::clone(&self.shared));
            let begun = thread::Builder::new()
                .name("headcount-send".to_owned())
                .spawn(move || sender.send_all(&shared));
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
        let session = self.sender.open();
        let Some(paths) = session.paths.as_ref().filter(|_| session.is_on()) else {
            return Ok(Started::NotPermitted);
        };
        if ship::is_marked(&session) {
            return Ok(Started::Marked);
        }
        let (input, lost) = written(&parcels);
        (0..lost).for_each(|_| tally::leave(paths, Loss::Full));
        ship::start_with(&session, paths, &input)
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

impl Sender {
    fn open(&self) -> Session {
        crate::open(self.catalog, &self.host, self.surroundings.clone())
    }

    /// Sends one parcel after the other, until the host has ended.
    fn send_all(&self, shared: &Shared) {
        let Some(transport) = ship::built_in() else { return };
        while let Some(parcel) = shared.take() {
            // Silent whatever happens.
            let _ = self.send(&parcel, transport.as_ref(), shared);
            // Whatever kept it from going: it is not tried again.
            shared.let_go();
        }
    }

    fn send(
        &self,
        parcel: &Parcel,
        transport: &dyn Transport,
        shared: &Shared,
    ) -> Option<io::Result<()>> {
        let session = self.open();
        let (catalog, paths) = (session.in_force()?, session.paths.as_ref()?);
        let ready = ship::ready(&session, catalog, paths);
        let ready = ready.iter().find(|ready| ready.destination.name == parcel.destination)?;
        let record = judged(&session, catalog, &parcel.line)?;
        Some(ship::once(
            &session,
            (catalog, paths),
            ready,
            &[record],
            (transport, limits::REQUEST),
            &mut || shared.let_go(),
        ))
    }
}

fn judged(session: &Session, catalog: &Catalog, line: &str) -> Option<Checked> {
    let recheck = Recheck::new(catalog, session.surroundings.now(), Rate::WHOLE);
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
pub(crate) fn attempt(session: &Session, transport: &dyn Transport, input: impl io::Read) {
    let mut text = String::new();
    let most = limits::HANDED_BYTES as u64;
    if input.take(most).read_to_string(&mut text).is_err() {
        return;
    }
    let (Some(catalog), Some(paths)) = (session.in_force(), session.paths.as_ref()) else { return };
    let born = Instant::now();
    for ready in ship::ready(session, catalog, paths) {
        let name = ready.destination.name;
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        let lines = lines.filter(|(destination, _)| *destination == name);
        let records =
            lines.filter_map(|(_, line)| Some((judged(session, catalog, line)?, line.len())));
        for batch in ship::batches(catalog, ready.destination.dialect, records) {
            let left = limits::LIFETIME.saturating_sub(born.elapsed());
            if left < limits::REQUEST {
                return;
            }
            let way = (transport, limits::REQUEST);
            // Silent whatever happens, and never again.
            let _ = ship::once(session, (catalog, paths), &ready, &batch, way, &mut || true);
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
