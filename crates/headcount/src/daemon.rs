//! Telemetry of a program that stays: recorded by any thread, shipped in the
//! background, over within a budget at the end.
//!
//! Every event is on disk before [`Daemon::record`] returns, so that an end
//! loses nothing: what could not be sent is sent by the next process. Consent
//! is read anew for each event and each shipment; an `off` on the command line
//! reaches a daemon at once.
//!
//! Not fork-safe: a child of `fork` without `exec` has no background thread.
//! Events it records are on disk all the same and go with the next shipment.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use headcount_catalog::Catalog;

use crate::built::BUILT;
use crate::consent::State;
use crate::ship::{self, Transport};
use crate::{Context, Event, Host, Session, Surroundings, limits};

/// A background shipper and the way to record for it.
#[must_use = "without `shutdown` the last events wait for the next process"]
#[derive(Debug)]
pub struct Daemon {
    told: Arc<Told>,
    news: Sender<News>,
    shipper: JoinHandle<()>,
    /// Behind a lock only so that any thread may share the daemon.
    ended: Mutex<Receiver<()>>,
}

/// What a daemon is told at its start.
#[derive(Debug)]
struct Told {
    catalog: &'static Catalog,
    host: Host,
    surroundings: Surroundings,
}

impl Told {
    fn open(&self) -> Session {
        crate::open(self.catalog, &self.host, self.surroundings.clone())
    }
}

/// What the background is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    Recorded,
    Stop,
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
        let told = Arc::new(Told { catalog, host, surroundings });
        let (news, inbox) = channel();
        let (ending, ended) = channel();
        let mine = Arc::clone(&told);
        let shipper =
            std::thread::Builder::new().name("headcount-ship".to_owned()).spawn(move || {
                run(&mine, &inbox, &transport);
                // Nobody may be waiting any more.
                let _ = ending.send(());
            })?;
        Ok(Self { told, news, shipper, ended: Mutex::new(ended) })
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
            // A background that ended leaves the event to the next process.
            let _ = self.news.send(News::Recorded);
        }
    }

    /// Sends what it can within `budget` and ends; the rest stays on disk.
    pub fn shutdown(self, budget: Duration) -> Ended {
        let _ = self.news.send(News::Stop);
        let ended = self.ended.into_inner().unwrap_or_else(PoisonError::into_inner);
        match ended.recv_timeout(budget) {
            Err(RecvTimeoutError::Timeout) => Ended::OutOfBudget,
            Ok(()) | Err(RecvTimeoutError::Disconnected) => {
                // It has ended, or panicked in a transport: over either way.
                let _ = self.shipper.join();
                Ended::InTime
            }
        }
    }
}

/// Any thread may record: this compiles for no other daemon.
const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Daemon>();
};

/// Ships when enough was recorded or enough time has passed, until told to
/// stop; then once more.
fn run(told: &Told, inbox: &Receiver<News>, transport: &dyn Transport) {
    loop {
        let due = Instant::now() + limits::DAEMON_PAUSE;
        let mut recorded = 0;
        let stop = loop {
            match inbox.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(News::Recorded) => {
                    recorded += 1;
                    if recorded >= limits::DAEMON_EVENTS {
                        break false;
                    }
                }
                Err(RecvTimeoutError::Timeout) => break false,
                Ok(News::Stop) | Err(RecvTimeoutError::Disconnected) => break true,
            }
        };
        let _ = ship::flush(&told.open(), transport);
        if stop {
            return;
        }
    }
}
