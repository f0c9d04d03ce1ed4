//! Telemetry of a program that stays: any thread records, a background thread
//! ships, and the end takes no longer than a given time.
//!
//! Every event is on disk before [`Daemon::record`] returns, so nothing is lost
//! at the end: what could not be sent is sent by the next process. Consent is
//! read again for each event and each shipment, so an `off` on the command line
//! reaches a daemon at once. A daemon that began before the person was told
//! what is on by default sends nothing itself: a later run does.
//!
//! Signals belong to the host. When it is told to stop, it stops accepting
//! requests, finishes those in flight, and gives the last shipment the time it
//! can spare:
//!
//! ```text
//! SIGINT, SIGTERM ─▶ host stops ─▶ requests in flight end ─▶ shutdown(500 ms) ─▶ exit
//! ```
//!
//! A host on an async runtime awaits the signals of that runtime. For other
//! hosts the feature `signals` has the module `signals`. A host that is killed
//! loses nothing either.
//!
//! A transport that panics has failed once, as if nobody had answered: the
//! background thread goes on, and neither `watch_panics` nor the hook before it
//! is told. (With `panic = "abort"` any panic ends the process.)
//!
//! A product that keeps no event on disk sends each event at once. What is not
//! sent at the end goes to one detached attempt.
//!
//! # After a `fork`
//!
//! A child of `fork` without `exec` has no background thread. What it records
//! is on disk and goes with the next shipment of any process. If nothing is
//! kept on disk, the child starts empty: what waits in memory belongs to its
//! parent, and each of its own events is sent by a thread or a detached attempt
//! of its own. Its `shutdown` ends nothing and does not wait.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{io, process};

use crate::built::BUILT;
use crate::ship::{self, Guarded, Transport};
use crate::standing::Standing;
use crate::{Context, Session, Telemetry, TypedEvent, limits};

/// Records events and ships them in the background.
///
/// If it is dropped without [`shutdown`](Daemon::shutdown), it tells the
/// background thread to end and does not wait.
#[must_use = "without `shutdown` the last events wait for the next process"]
#[derive(Debug)]
pub struct Daemon {
    session: Session,
    news: Arc<News>,
    shipper: Option<JoinHandle<()>>,
    /// The id of the process that has the background thread.
    process: u32,
}

/// What recording and shipping share: two numbers, however much is recorded.
#[derive(Debug, Default)]
struct News {
    state: Mutex<Progress>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Progress {
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
    /// The background thread has ended.
    Ended,
}

impl News {
    fn lock(&self) -> MutexGuard<'_, Progress> {
        // After a panic the two numbers are still valid: no invariant connects
        // them.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// Counts an event. It wakes the background thread only when there is
    /// enough to ship.
    fn count(&self) {
        let mut progress = self.lock();
        progress.recorded = progress.recorded.saturating_add(1);
        let enough = progress.recorded == limits::DAEMON_EVENTS;
        drop(progress);
        if enough {
            self.changed.notify_all();
        }
    }

    /// Waits for a condition, at most for `limit`.
    fn wait(&self, limit: Duration, over: impl Fn(&Progress) -> bool) -> MutexGuard<'_, Progress> {
        let progress = self.lock();
        let waited = self.changed.wait_timeout_while(progress, limit, |progress| !over(progress));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// How a daemon's telemetry ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShutdownEnd {
    /// The last shipment has ended.
    InTime,
    /// The time was over first. What was not sent is on disk.
    OutOfBudget,
}

impl Telemetry {
    /// Starts telemetry of a program that stays: a background thread that ships
    /// every 20 events or 10 seconds, whichever is first.
    ///
    /// # Errors
    ///
    /// Returns an error if the system cannot start a thread.
    pub fn daemon(&self, transport: impl Transport + Send + 'static) -> io::Result<Daemon> {
        // The run begins before its thread decides anything.
        let session = self.open();
        let news = Arc::new(News::default());
        let (telemetry, shared) = (self.clone(), Arc::clone(&news));
        let transport = Guarded(transport);
        let background = move || {
            // Dropped however the thread ends.
            let ended = Ending(Arc::clone(&shared));
            run(&telemetry, &shared, &transport);
            drop(ended);
        };
        let shipper = thread::Builder::new().name("headcount-ship".to_owned());
        let shipper = Some(shipper.spawn(background)?);
        Ok(Daemon { session, news, shipper, process: process::id() })
    }
}

impl Daemon {
    /// The line that a daemon prints at its start.
    #[must_use]
    pub fn status_line(&self) -> String {
        self.standing().decision().status_line()
    }

    /// The standing at this moment.
    fn standing(&self) -> Standing {
        Standing::of(self.session.opened().telemetry())
    }

    /// Records an event, if that is permitted at this moment.
    pub fn record(&self, context: &dyn Context, event: &dyn TypedEvent) {
        if !BUILT {
            return;
        }
        let standing = self.standing().with_context(context.entries());
        let recorded = self.session.write(&standing, event, None);
        // After a fork there is no background thread, and the thread that held
        // that lock is gone.
        if recorded.is_ok() && self.has_background() {
            self.news.count();
        }
    }

    /// Sends what it can within `budget` and ends. The rest stays on disk.
    pub fn shutdown(mut self, budget: Duration) -> ShutdownEnd {
        let start = Instant::now();
        let Some(shipper) = self.shipper.take().filter(|_| self.has_background()) else {
            return ShutdownEnd::OutOfBudget;
        };
        self.tell_to_end();
        let remaining = budget.saturating_sub(start.elapsed());
        if self.news.wait(remaining, |progress| progress.phase == Phase::Ended).phase
            != Phase::Ended
        {
            return ShutdownEnd::OutOfBudget;
        }
        // It has ended.
        let _ = shipper.join();
        ShutdownEnd::InTime
    }

    /// What is not sent yet goes with the background thread's last shipment or
    /// with one detached attempt.
    fn tell_to_end(&self) {
        self.news.change(|progress| progress.phase = progress.phase.max(Phase::Stopping));
        self.session.hand_over();
    }

    fn has_background(&self) -> bool {
        self.process == process::id()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // After `shutdown` there is nothing to do.
        if self.shipper.is_some() && self.has_background() {
            self.tell_to_end();
        }
    }
}

/// Notes that the background thread has ended, by a panic too.
struct Ending(Arc<News>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.change(|progress| progress.phase = Phase::Ended);
    }
}

/// Any thread may record: this compiles only if `Daemon` can be shared.
const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Daemon>();
};

/// Ships when enough was recorded or enough time has passed, until told to
/// stop, and then once more.
fn run(telemetry: &Telemetry, news: &News, transport: &dyn Transport) {
    loop {
        let is_due = |progress: &Progress| {
            progress.recorded >= limits::DAEMON_EVENTS || progress.phase == Phase::Stopping
        };
        let mut progress = news.wait(limits::DAEMON_PAUSE, is_due);
        let stopping = progress.phase == Phase::Stopping;
        progress.recorded = 0;
        drop(progress);
        // One shipment that fails is one shipment: the next goes on.
        let _ = ship::guarded(|| {
            let standing = Standing::of(telemetry);
            if has_work(&standing) {
                let _ = ship::flush(&standing, transport);
            }
        });
        if stopping {
            return;
        }
    }
}

/// Whether a shipment could do anything. A shipment reads everything that
/// waits, which is useless while no destination is ready.
fn has_work(standing: &Standing) -> bool {
    let (Some(catalog), Some(paths), Some(queue)) = (
        standing.in_force().filter(|_| standing.send_permit().is_some()),
        standing.paths(),
        standing.shipped_queue(),
    ) else {
        return false;
    };
    let ready = ship::ready(standing, catalog, paths);
    ship::due(standing, catalog, paths, &queue, &ready) == ship::Due::Now
}
