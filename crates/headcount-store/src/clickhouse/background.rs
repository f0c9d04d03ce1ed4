//! The store's own thread: it ships, and keeps the counts up.

use std::sync::{Arc, Condvar, Mutex, Weak};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::house;
use super::open_store::{OpenStore, locked};
use crate::{StoreError, limits};

/// A thread that ends when this is dropped.
pub(super) struct Background {
    stop: Arc<Stop>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Stop {
    is_set: Mutex<bool>,
    changed: Condvar,
}

impl Background {
    pub(super) fn start(open: &Arc<OpenStore>) -> Result<Self, StoreError> {
        let stop = Arc::new(Stop::default());
        let (own, weak) = (Arc::clone(&stop), Arc::downgrade(open));
        let thread = thread::Builder::new()
            .name("headcount-shipper".into())
            .spawn(move || run(&weak, &own))
            .map_err(|error| StoreError::with_source("cannot start a thread that ships", error))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        *locked(&self.stop.is_set) = true;
        self.stop.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic in it has been printed, and nothing depends on it now.
            let _ = thread.join();
        }
    }
}

impl Stop {
    /// Waits; returns whether the thread has to end.
    fn wait(&self, time: Duration) -> bool {
        let is_set = locked(&self.is_set);
        let waited = self.changed.wait_timeout_while(is_set, time, |is_set| !*is_set);
        waited.map_or(true, |(is_set, _)| *is_set)
    }
}

fn run(open: &Weak<OpenStore>, stop: &Stop) {
    let mut pause = limits::CLICKHOUSE_SHIP_EVERY;
    let mut books = Books::new(Instant::now());
    while !stop.wait(pause) {
        let Some(open) = open.upgrade() else { break };
        let failed = open.is_behind() && open.ship(None).is_err();
        if !failed {
            books.keep(&open);
        }
        pause = match failed {
            true => (pause * 2).min(limits::CLICKHOUSE_RETRY_AT_MOST),
            false => limits::CLICKHOUSE_SHIP_EVERY,
        };
    }
}

/// When the books are kept between two calls of `keep_house`. What fails is
/// tried again: questions add what is not counted.
struct Books {
    next_count: Instant,
    /// Values are given their rows after this, if something was counted.
    next_tell: Instant,
    is_untold: bool,
}

impl Books {
    fn new(now: Instant) -> Self {
        let next = now + limits::CLICKHOUSE_COUNT_EVERY;
        Self { next_count: next, next_tell: next, is_untold: true }
    }

    fn keep(&mut self, open: &OpenStore) {
        let now = Instant::now();
        if now < self.next_count {
            return;
        }
        self.next_count = now + limits::CLICKHOUSE_COUNT_EVERY;
        self.is_untold |= open.keep(house::recount).is_ok_and(|days| days > 0);
        let began = Instant::now();
        if self.is_untold && began >= self.next_tell {
            self.is_untold = open.keep(house::tell_vocabulary).is_err();
            // It looks at all raw events.
            self.next_tell = Instant::now() + began.elapsed() * limits::CLICKHOUSE_TELL_PAUSE;
        }
    }
}
