//! The store's own threads: one ships, the other keeps the counts up, which
//! may take longer than a batch may wait, and than a stop may: it is left
//! alone with its last statement, and begins no other one.

use std::sync::{Arc, Condvar, Mutex, Weak};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::house;
use super::locked::locked;
use super::open_store::OpenStore;
use super::server::Server;
use crate::{StoreError, limits};

/// Threads that end when this is dropped.
pub(super) struct Background {
    stop: Arc<Stop>,
    server: Arc<Server>,
    shipper: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Stop {
    is_set: Mutex<bool>,
    changed: Condvar,
}

impl Background {
    pub(super) fn start(open: &Arc<OpenStore>) -> Result<Self, StoreError> {
        let server = Arc::clone(open.server());
        let mut own = Self { stop: Arc::default(), server, shipper: None };
        let (stop, weak) = (Arc::clone(&own.stop), Arc::downgrade(open));
        own.shipper = Some(spawn("headcount-shipper", move || ship(&weak, &stop))?);
        let (stop, server) = (Arc::clone(&own.stop), Arc::clone(&own.server));
        spawn("headcount-counter", move || keep_books(&server, &stop))?;
        Ok(own)
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    let thread = thread::Builder::new().name(name.to_owned()).spawn(run);
    thread.map_err(|error| StoreError::with_source("cannot start a thread", error))
}

impl Drop for Background {
    fn drop(&mut self) {
        *locked(&self.stop.is_set) = true;
        self.stop.changed.notify_all();
        self.server.client().close();
        // A panic in it has been printed, and nothing depends on it now.
        let _ = self.shipper.take().map(JoinHandle::join);
    }
}

impl Stop {
    fn is_set(&self) -> bool {
        *locked(&self.is_set)
    }

    /// Waits; returns whether the thread has to end.
    fn wait(&self, time: Duration) -> bool {
        let is_set = locked(&self.is_set);
        let waited = self.changed.wait_timeout_while(is_set, time, |is_set| !*is_set);
        waited.map_or(true, |(is_set, _)| *is_set)
    }
}

fn ship(open: &Weak<OpenStore>, stop: &Stop) {
    let mut pause = limits::clickhouse::SHIP_EVERY;
    while !stop.wait(pause) {
        let Some(open) = open.upgrade() else { break };
        let is_due = open.is_behind() || open.problem().is_some();
        let failed = is_due && open.ship_until(&|| stop.is_set()).is_err();
        pause = match failed {
            true => (pause * 2).min(limits::clickhouse::RETRY_AT_MOST),
            false => limits::clickhouse::SHIP_EVERY,
        };
    }
}

fn keep_books(server: &Server, stop: &Stop) {
    let mut books = Books::new(Instant::now());
    while !stop.wait(limits::clickhouse::COUNT_EVERY) {
        books.keep(server);
    }
}

/// When the books are kept between two calls of `keep_house`. What fails is
/// tried again: questions add what is not counted.
struct Books {
    /// Values are given their rows after this, if something was counted.
    next_tell: Instant,
    is_untold: bool,
}

impl Books {
    fn new(now: Instant) -> Self {
        Self { next_tell: now, is_untold: true }
    }

    fn keep(&mut self, server: &Server) {
        self.is_untold |= server.keep(house::recount_in_turn).is_ok_and(|days| days > 0);
        let began = Instant::now();
        if self.is_untold && began >= self.next_tell {
            self.is_untold = server.keep(house::tell_vocabulary).is_err();
            // It looks at all raw events.
            self.next_tell = Instant::now() + began.elapsed() * limits::clickhouse::TELL_PAUSE;
        }
    }
}
