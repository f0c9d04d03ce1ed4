//! Days that have enough fresh rows to be sealed or whose ids are to be read,
//! and how that goes.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use headcount_catalog::Day;

use crate::{StoreError, limits};

/// A product and day.
pub(in crate::embedded) type RawDay = (String, Day);

/// What is to be sealed and read between two calls of `keep_house`.
pub(in crate::embedded) struct Backlog {
    /// Fresh rows of a day that are sealed together.
    seal_rows: AtomicUsize,
    /// What the bounds on all fresh rows are multiples of.
    bound_rows: AtomicUsize,
    /// Fresh rows of all days when they were last counted.
    fresh_rows: AtomicUsize,
    /// Rows that were appended since then.
    uncounted: AtomicUsize,
    /// From a failure to the next try.
    retry_milliseconds: AtomicU64,
    state: Mutex<BacklogState>,
    changed: Condvar,
}

#[derive(Default)]
struct BacklogState {
    due: BTreeSet<RawDay>,
    /// Days whose sealed ids are to be read into memory.
    wanted: BTreeSet<RawDay>,
    is_stopping: bool,
    is_working: bool,
    /// Days that were sealed, and tries that failed.
    steps: u64,
    /// Why the last try failed, if it did.
    failure: Option<String>,
}

impl BacklogState {
    fn has_work(&self) -> bool {
        !self.due.is_empty() || !self.wanted.is_empty()
    }
}

impl Backlog {
    pub(super) fn new(seal_rows: usize) -> Self {
        Self {
            seal_rows: AtomicUsize::new(seal_rows),
            bound_rows: AtomicUsize::new(seal_rows),
            fresh_rows: AtomicUsize::new(0),
            uncounted: AtomicUsize::new(0),
            retry_milliseconds: AtomicU64::new(limits::SEAL_RETRY_MILLISECONDS),
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Whether so many rows have come that fresh rows should be counted.
    pub(super) fn is_count_due(&self, appended: usize) -> bool {
        let uncounted = self.uncounted.fetch_add(appended, Ordering::Relaxed) + appended;
        uncounted > self.seal_rows() / limits::BACKLOG_COUNTS
    }

    /// Counts fresh rows. Due are days that have enough of them, and the
    /// largest if all days together have too many.
    pub(super) fn count<'d>(
        &self,
        days: impl Iterator<Item = (&'d str, Day, usize)>,
        wanted: BTreeSet<RawDay>,
    ) {
        self.uncounted.store(0, Ordering::Relaxed);
        let seal_rows = self.seal_rows();
        let (mut all, mut largest) = (0, None);
        let mut due = Vec::new();
        for (product, day, rows) in days {
            all += rows;
            largest = largest.max(Some((rows, product, day)));
            if rows >= seal_rows {
                due.push((product.to_owned(), day));
            }
        }
        if let (true, Some((_, product, day))) =
            (all >= seal_rows.saturating_mul(limits::BACKLOG_WHOLE), largest)
        {
            due.push((product.to_owned(), day));
        }
        self.fresh_rows.store(all, Ordering::Relaxed);
        let mut state = self.state();
        state.due.extend(due);
        state.wanted = wanted;
        let has_work = state.has_work();
        drop(state);
        if has_work {
            self.changed.notify_all();
        }
    }

    /// Waits for a moment if sealing does not keep up.
    ///
    /// # Errors
    ///
    /// Returns an error if there are so many fresh rows that no more may come.
    pub(in crate::embedded) fn slow_down(&self) -> Result<(), StoreError> {
        if self.is_within(limits::BACKLOG_SLOW) {
            return Ok(());
        }
        let state = self.state();
        let before = state.steps;
        let pause = Duration::from_millis(limits::BACKLOG_PAUSE_MILLISECONDS);
        let goes_on = |state: &mut BacklogState| state.steps == before && !state.is_stopping;
        let waited = self.changed.wait_timeout_while(state, pause, goes_on);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        drop(state);
        self.check()
    }

    /// Whether rows may be appended.
    ///
    /// # Errors
    ///
    /// Returns an error if there are so many fresh rows that no more may come.
    pub(in crate::embedded) fn check(&self) -> Result<(), StoreError> {
        if self.is_within(limits::BACKLOG_FULL) {
            return Ok(());
        }
        let rows = self.fresh_rows.load(Ordering::Relaxed);
        let why = match &self.state().failure {
            Some(failure) => format!("; sealing fails: {failure}"),
            None => "; try again when some are sealed".to_owned(),
        };
        Err(StoreError::new(format!("cannot commit: {rows} events wait to be sealed{why}")))
    }

    fn is_within(&self, times: usize) -> bool {
        let bound = self.bound_rows.load(Ordering::Relaxed).saturating_mul(times);
        self.fresh_rows.load(Ordering::Relaxed) < bound
    }

    fn seal_rows(&self) -> usize {
        self.seal_rows.load(Ordering::Relaxed)
    }

    /// Waits until there is something to do. Returns false if the store closes.
    pub(super) fn await_due(&self) -> bool {
        let idle = |state: &mut BacklogState| !state.has_work() && !state.is_stopping;
        let waited = self.changed.wait_while(self.state(), idle);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.is_working = !state.is_stopping;
        state.is_working
    }

    /// A day that is due.
    pub(super) fn due(&self) -> Option<RawDay> {
        self.state().due.first().cloned()
    }

    /// A day whose ids are to be read.
    pub(super) fn wanted(&self) -> Option<RawDay> {
        self.state().wanted.first().cloned()
    }

    /// The ids of a day have been read.
    pub(super) fn read(&self, day: &RawDay) {
        self.state().wanted.remove(day);
    }

    /// A day has been sealed.
    pub(super) fn sealed(&self, day: &RawDay) {
        let mut state = self.state();
        state.due.remove(day);
        state.steps += 1;
        drop(state);
        self.changed.notify_all();
    }

    /// What was due is done, or failed. Returns whether that is a failure that
    /// was not known.
    pub(super) fn ended(&self, failure: Option<String>) -> bool {
        let mut state = self.state();
        state.is_working = false;
        state.steps += u64::from(failure.is_some());
        let is_new = failure.is_some() && failure != state.failure;
        state.failure = failure;
        drop(state);
        self.changed.notify_all();
        is_new
    }

    /// Waits after a failure, unless the store closes.
    pub(super) fn pause(&self) {
        let pause = Duration::from_millis(self.retry_milliseconds.load(Ordering::Relaxed));
        let goes_on = |state: &mut BacklogState| !state.is_stopping;
        drop(self.changed.wait_timeout_while(self.state(), pause, goes_on));
    }

    /// Whether the thread that seals is to end.
    pub(super) fn is_stopping(&self) -> bool {
        self.state().is_stopping
    }

    /// Lets the thread that seals end.
    pub(super) fn stop(&self) {
        self.state().is_stopping = true;
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, BacklogState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
impl Backlog {
    pub(in crate::embedded) fn set_seal_rows(&self, rows: usize) {
        self.seal_rows.store(rows, Ordering::Relaxed);
    }

    pub(in crate::embedded) fn retry_after(&self, milliseconds: u64) {
        self.retry_milliseconds.store(milliseconds, Ordering::Relaxed);
    }

    pub(in crate::embedded) fn set_bound(&self, rows: usize) {
        self.bound_rows.store(rows, Ordering::Relaxed);
    }

    /// Waits until nothing is due.
    pub(in crate::embedded) fn await_idle(&self) {
        let busy = |state: &mut BacklogState| state.is_working || state.has_work();
        drop(self.changed.wait_while(self.state(), busy).unwrap());
    }

    pub(in crate::embedded) fn set_due(&self, product: &str, day: Day) {
        self.state().due.insert((product.to_owned(), day));
    }

    /// Waits until nothing is due, or a try has failed. Returns whether it has.
    pub(in crate::embedded) fn await_end(&self) -> bool {
        let busy = |state: &mut BacklogState| {
            state.failure.is_none() && (state.is_working || state.has_work())
        };
        self.changed.wait_while(self.state(), busy).unwrap().failure.is_some()
    }

    /// Waits until a try has failed, and returns why.
    pub(in crate::embedded) fn await_failure(&self) -> String {
        let state = self.changed.wait_while(self.state(), |state| state.failure.is_none());
        state.unwrap().failure.clone().unwrap()
    }
}
