//! Telemetry of a program that stays: recorded by any thread, shipped in the
//! background, over within a budget at the end.
//!
//! Every event is on disk before [`Daemon::record`] returns, so that an end
//! loses nothing: what could not be sent is sent by the next process. Consent
//! is read anew for each event and each shipment; an `off` on the command line
//! reaches a daemon at once.
//!
//! Signals are the host's own. One that is told to end stops taking requests,
//! lets those in flight end, and gives the last shipment what it can spare:
//!
//! ```text
//! SIGINT, SIGTERM ─▶ host stops ─▶ requests in flight end ─▶ shutdown(500 ms) ─▶ exit
//! ```
//!
//! A host on tokio awaits `signal::unix::signal` or `ctrl_c`; any other waits in
//! a thread of its own, with whatever crate it has for that. Nothing is lost by
//! a host that is killed instead.
//!
//! A product that keeps no event on disk sends each at once, and hands what has
//! not gone at its end to one detached attempt.
//!
//! Not fork-safe: a child of `fork` without `exec` has no background thread.
//! Events it records are on disk all the same and go with the next shipment.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use headcount_catalog::{Catalog, Mode};

use crate::built::BUILT;
use crate::consent::State;
use crate::from_memory::Memory;
use crate::ship::{self, Transport};
use crate::{Context, Event, Host, Session, Surroundings, limits};

/// A background shipper and the way to record for it.
#[must_use = "without `shutdown` the last events wait for the next process"]
#[derive(Debug)]
pub struct Daemon {
    told: Told,
    news: Arc<News>,
    shipper: JoinHandle<()>,
}

/// What a daemon is told at its start.
#[derive(Debug, Clone)]
struct Told {
    catalog: &'static Catalog,
    host: Host,
    surroundings: Surroundings,
    /// Where a product that keeps no event on disk has them until they are sent.
    memory: Option<Arc<Memory>>,
}

impl Told {
    fn open(&self) -> Session {
        let session = crate::open(self.catalog, &self.host, self.surroundings.clone());
        match &self.memory {
            Some(memory) => session.sharing(memory),
            None => session,
        }
    }
}

/// What recording and shipping tell each other: two numbers, however much is
/// recorded.
#[derive(Debug, Default)]
struct News {
    state: Mutex<Noted>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Noted {
    /// Events since the last shipment began.
    recorded: u32,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    #[default]
    Running,
    /// Told to stop.
    Stopping,
    /// The background has ended.
    Ended,
}

impl News {
    fn lock(&self) -> MutexGuard<'_, Noted> {
        // Whoever panicked left two numbers, which hold nothing together.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Noted)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// Waits for a condition, so long at most.
    fn wait(&self, limit: Duration, over: impl Fn(&Noted) -> bool) -> MutexGuard<'_, Noted> {
        let noted = self.lock();
        let waited = self.changed.wait_timeout_while(noted, limit, |noted| !over(noted));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// How a daemon's telemetry ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// What was under way has been sent.
    InTime,
    /// The budget was over first; what was not sent is on disk.
    OutOfBudget,
}

impl Daemon {
    /// Starts the background, which ships every 20 events or 10 seconds,
    /// whichever is first.
    ///
    /// # Errors
    ///
    /// Where the system gives no thread.
    pub fn start(
        catalog: &'static Catalog,
        host: Host,
        surroundings: Surroundings,
        transport: impl Transport + Send + 'static,
    ) -> std::io::Result<Self> {
        let memory = (catalog.shipping.mode == Mode::Thread)
            .then(|| Arc::new(Memory::new(catalog, &host, &surroundings)));
        let told = Told { catalog, host, surroundings, memory };
        let news = Arc::new(News::default());
        let (mine, heard) = (told.clone(), Arc::clone(&news));
        let background = move || {
            // Also where a transport panics.
            let ended = Ending(Arc::clone(&heard));
            run(&mine, &heard, &transport);
            drop(ended);
        };
        let shipper = std::thread::Builder::new().name("headcount-ship".to_owned());
        Ok(Self { told, news, shipper: shipper.spawn(background)? })
    }

    /// The line a daemon prints at its start.
    #[must_use]
    pub fn status_line(&self) -> String {
        let session = self.told.open();
        let decision = session.decision();
        match decision.state {
            State::On => "Telemetry: enabled".to_owned(),
            State::Local => format!("Telemetry: local (reason: {})", decision.winner.why),
            State::Off => format!("Telemetry: disabled (reason: {})", decision.winner.why),
        }
    }

    /// Records an event, if that is permitted at this moment.
    pub fn record(&self, context: &dyn Context, event: &dyn Event) {
        if !BUILT {
            return;
        }
        let mut session = self.told.open();
        session.describe(context);
        if session.try_record(event).is_ok() {
            self.news.change(|noted| noted.recorded = noted.recorded.saturating_add(1));
        }
    }

    /// Sends what it can within `budget` and ends; the rest stays on disk.
    pub fn shutdown(self, budget: Duration) -> Ended {
        self.news.change(|noted| noted.phase = noted.phase.max(Phase::Stopping));
        if let Some(memory) = &self.told.memory {
            // What has not gone is one detached attempt's business, not ours.
            let _ = memory.hand_over();
        }
        if self.news.wait(budget, |noted| noted.phase == Phase::Ended).phase != Phase::Ended {
            return Ended::OutOfBudget;
        }
        // It has ended, or panicked in a transport: over either way.
        let _ = self.shipper.join();
        Ended::InTime
    }
}

/// Says that the background has ended, however it did.
struct Ending(Arc<News>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.change(|noted| noted.phase = Phase::Ended);
    }
}

/// Any thread may record: this compiles for no other daemon.
const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Daemon>();
};

/// Ships when enough was recorded or enough time has passed, until told to
/// stop; then once more.
fn run(told: &Told, news: &News, transport: &dyn Transport) {
    loop {
        let is_due = |noted: &Noted| {
            noted.recorded >= limits::DAEMON_EVENTS || noted.phase == Phase::Stopping
        };
        let mut noted = news.wait(limits::DAEMON_PAUSE, is_due);
        let stopping = noted.phase == Phase::Stopping;
        noted.recorded = 0;
        drop(noted);
        let _ = ship::flush(&told.open(), transport);
        if stopping {
            return;
        }
    }
}
