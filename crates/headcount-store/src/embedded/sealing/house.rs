//! Who may change sealed events: one thread at a time.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use headcount_catalog::Day;

use super::super::ids::KnownIds;
use super::backlog::Backlog;
use super::write::DayState;
use crate::{Erasure, limits};

/// Lets one thread at a time seal, merge, expire or erase.
pub(in crate::embedded) struct House {
    /// Fresh rows of a day that are sealed together.
    seal_rows: AtomicUsize,
    pub(in crate::embedded) backlog: Backlog,
    lock: Mutex<()>,
    /// Who waits for the lock while a merge must give up: erasures, and a store
    /// that closes.
    waiting: AtomicUsize,
    /// The number of the newest day that a policy has called today.
    today: AtomicI32,
    /// Events of erasures whose traces are still in the log.
    untold: Mutex<HashMap<(String, PersonKey), u64>>,
}

/// Whether a device or an account, and its pseudonym.
type PersonKey = (bool, [u8; 16]);

fn key(product: &str, person: Erasure) -> (String, PersonKey) {
    let person = match person {
        Erasure::Device(device) => (true, device.bytes()),
        Erasure::Account(account) => (false, account.bytes()),
    };
    (product.to_owned(), person)
}

/// No policy has come yet.
const UNKNOWN_DAY: i32 = i32::MIN;

impl Default for House {
    fn default() -> Self {
        Self {
            seal_rows: AtomicUsize::new(limits::SEAL_ROWS),
            backlog: Backlog::new(limits::SEAL_ROWS),
            lock: Mutex::new(()),
            waiting: AtomicUsize::new(0),
            today: AtomicI32::new(UNKNOWN_DAY),
            untold: Mutex::default(),
        }
    }
}

impl House {
    pub(in crate::embedded) fn seal_rows(&self) -> usize {
        self.seal_rows.load(Ordering::Relaxed)
    }

    /// Counts fresh rows, if enough have come since the last time, and wakes
    /// the thread that seals if there is something to do.
    pub(in crate::embedded) fn note(&self, appended: usize, ids: &mut KnownIds) {
        if self.backlog.is_count_due(appended) {
            self.count(ids);
        }
    }

    /// Counts fresh rows, and checks which ids are in memory, and which days'
    /// ids are wanted there: those of open days, and of others while there is
    /// room, so that events of many old days cannot fill it.
    pub(in crate::embedded) fn count(&self, ids: &mut KnownIds) {
        let is_open = |day| self.knows_today() && self.state(day) == DayState::Open;
        ids.release_beyond(limits::CLOSED_IDS, is_open);
        let closed = ids.days().filter(|(_, day, _)| !is_open(*day));
        let in_memory: u64 = closed.map(|(_, _, ids)| ids.sealed_in_memory()).sum();
        let mut room = limits::CLOSED_IDS.saturating_sub(in_memory);
        let mut wanted = BTreeSet::new();
        for (product, day, ids) in ids.days().filter(|(_, _, ids)| ids.is_wanted()) {
            let rows = if is_open(day) { 0 } else { ids.unread_rows() };
            if rows <= room {
                room -= rows;
                wanted.insert((product.to_owned(), day));
            }
        }
        let days = ids.days().map(|(product, day, ids)| (product, day, ids.fresh_rows()));
        self.backlog.count(days, wanted);
    }

    /// Waits until nothing else is done.
    pub(super) fn enter(&self) -> MutexGuard<'_, ()> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`Self::enter`]; a merge that runs gives up.
    pub(super) fn enter_soon(&self) -> MutexGuard<'_, ()> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let entered = self.enter();
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        entered
    }

    /// Lets an erasure that waits go first.
    pub(super) fn give_way<'h>(&'h self, mut entered: MutexGuard<'h, ()>) -> MutexGuard<'h, ()> {
        while self.is_wanted() && !self.backlog.is_stopping() {
            drop(entered);
            std::thread::yield_now();
            entered = self.enter();
        }
        entered
    }

    /// Whether a merge must give up.
    pub(super) fn is_wanted(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0
    }

    /// The store closes: nothing that takes long is begun or goes on.
    pub(super) fn close(&self) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        self.backlog.stop();
    }

    /// Remembers which day it is.
    pub(super) fn set_today(&self, today: Day) {
        self.today.store(today.number(), Ordering::Relaxed);
    }

    fn knows_today(&self) -> bool {
        self.today.load(Ordering::Relaxed) != UNKNOWN_DAY
    }

    /// Whether a day is open: today and yesterday are, and so are the days that
    /// are still to come.
    pub(super) fn state(&self, day: Day) -> DayState {
        let today = self.today.load(Ordering::Relaxed);
        let is_open = today == UNKNOWN_DAY || day >= Day::from_number(today).plus(-1);
        if is_open { DayState::Open } else { DayState::Closed }
    }

    /// Keeps the number of events of an erasure that must be tried again.
    pub(super) fn keep_erased(&self, product: &str, persons: &[Erasure], erased: u64) {
        let mut untold = self.untold.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(person) = persons.first()
            && erased > 0
            && untold.len() < limits::UNTOLD_ERASURES
        {
            *untold.entry(key(product, *person)).or_default() += erased;
        }
    }

    /// Takes the events of earlier tries of an erasure.
    pub(super) fn take_erased(&self, product: &str, persons: &[Erasure]) -> u64 {
        let mut untold = self.untold.lock().unwrap_or_else(PoisonError::into_inner);
        persons.iter().filter_map(|person| untold.remove(&key(product, *person))).sum()
    }
}

#[cfg(test)]
impl House {
    pub(in crate::embedded) fn set_seal_rows(&self, rows: usize) {
        self.seal_rows.store(rows, Ordering::Relaxed);
    }
}
