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
//! A host on an async runtime awaits that runtime's signals; for any other the
//! feature `signals` has [`signals`](crate::signals). Nothing is lost by a host
//! that is killed instead.
//!
//! A product that keeps no event on disk sends each at once, and hands what has
//! not gone at its end to one detached attempt.
//!
//! # After a `fork`
//!
//! A child of `fork` without `exec` has no background thread. What it records is
//! on disk like everything else and goes with the next shipment, its parent's or
//! its own process's next. Where nothing is kept on disk it begins with nothing:
//! what waits in memory is its parent's, and each event of its own goes with a
//! thread or a detached attempt of its own. Its `shutdown` ends nothing and
//! waits for nobody.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{io, process};

use crate::built::BUILT;
use crate::ship::{self, Transport};
use crate::standing::Standing;
use crate::{Context, Session, Telemetry, TypedEvent, limits};

/// A background shipper and the way to record for it.
///
/// Dropped without [`shutdown`](Daemon::shutdown) it tells the background to
/// end, and waits for nobody.
#[must_use = "without `shutdown` the last events wait for the next process"]
#[derive(Debug)]
pub struct Daemon {
    session: Session,
    news: Arc<News>,
    shipper: Option<JoinHandle<()>>,
    /// The process that has the background.
    process: u32,
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

    /// Counts an event. It wakes nobody before there is enough to ship.
    fn count(&self) {
        let mut noted = self.lock();
        noted.recorded = noted.recorded.saturating_add(1);
        let enough = noted.recorded == limits::DAEMON_EVENTS;
        drop(noted);
        if enough {
            self.changed.notify_all();
        }
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
pub enum ShutdownEnd {
    /// What was under way has been sent.
    InTime,
    /// The budget was over first; what was not sent is on disk.
    OutOfBudget,
}

impl Telemetry {
    /// Starts telemetry of a program that stays: a background that ships every 20 events or 10
    /// seconds, whichever is first.
    ///
    /// # Errors
    ///
    /// The system gives no thread.
    pub fn daemon(&self, transport: impl Transport + Send + 'static) -> io::Result<Daemon> {
        let news = Arc::new(News::default());
        let (telemetry, heard) = (self.clone(), Arc::clone(&news));
        let background = move || {
            // Also where a transport panics.
            let ended = Ending(Arc::clone(&heard));
            run(&telemetry, &heard, &transport);
            drop(ended);
        };
        let shipper = thread::Builder::new().name("headcount-ship".to_owned());
        let shipper = Some(shipper.spawn(background)?);
        Ok(Daemon { session: self.open(), news, shipper, process: process::id() })
    }
}

impl Daemon {
    /// The line a daemon prints at its start.
    #[must_use]
    pub fn status_line(&self) -> String {
        self.standing().decision().status_line()
    }

    /// What holds at this very moment.
    fn standing(&self) -> Standing {
        Standing::of(self.session.opened().telemetry())
    }

    /// Records an event, if that is permitted at this moment.
    pub fn record(&self, context: &dyn Context, event: &dyn TypedEvent) {
        if !BUILT {
            return;
        }
        let standing = self.standing().with_context(context.entries());
        let recorded = self.session.write(&standing, event);
        // After a fork there is no background to tell, and the thread that held that lock is gone.
        if recorded.is_ok() && self.has_background() {
            self.news.count();
        }
    }

    /// Sends what it can within `budget` and ends; the rest stays on disk.
    pub fn shutdown(mut self, budget: Duration) -> ShutdownEnd {
        let start = Instant::now();
        let Some(shipper) = self.shipper.take().filter(|_| self.has_background()) else {
            return ShutdownEnd::OutOfBudget;
        };
        self.tell_to_end();
        let left = budget.saturating_sub(start.elapsed());
        if self.news.wait(left, |noted| noted.phase == Phase::Ended).phase != Phase::Ended {
            return ShutdownEnd::OutOfBudget;
        }
        // It has ended, or panicked in a transport: over either way.
        let _ = shipper.join();
        ShutdownEnd::InTime
    }

    /// What has not gone is the background's last shipment, or one detached
    /// attempt's business, not ours.
    fn tell_to_end(&self) {
        self.news.change(|noted| noted.phase = noted.phase.max(Phase::Stopping));
        self.session.hand_over();
    }

    fn has_background(&self) -> bool {
        self.process == process::id()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // After `shutdown` all is told.
        if self.shipper.is_some() && self.has_background() {
            self.tell_to_end();
        }
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
fn run(telemetry: &Telemetry, news: &News, transport: &dyn Transport) {
    loop {
        let is_due = |noted: &Noted| {
            noted.recorded >= limits::DAEMON_EVENTS || noted.phase == Phase::Stopping
        };
        let mut noted = news.wait(limits::DAEMON_PAUSE, is_due);
        let stopping = noted.phase == Phase::Stopping;
        noted.recorded = 0;
        drop(noted);
        let standing = Standing::of(telemetry);
        if has_work(&standing) {
            let _ = ship::flush(&standing, transport);
        }
        if stopping {
            return;
        }
    }
}

/// Whether a shipment could do anything: it reads all that waits, and would do
/// so for nobody while no destination may be asked.
fn has_work(standing: &Standing) -> bool {
    let (Some(catalog), Some(paths), Some(queue)) = (
        standing.in_force().filter(|_| standing.is_on()),
        standing.paths(),
        standing.shipped_queue(),
    ) else {
        return false;
    };
    let ready = ship::ready(standing, catalog, paths);
    ship::due(standing, catalog, paths, &queue, &ready) == ship::Due::Now
}
