//! Who may change sealed events: one thread at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::limits;

/// Lets one thread at a time seal, merge, expire or erase.
pub(in crate::embedded) struct House {
    /// Fresh rows of a day that are sealed together.
    pub(in crate::embedded) seal_rows: usize,
    lock: Mutex<()>,
    /// Erasures that wait for the lock.
    waiting: AtomicUsize,
}

impl Default for House {
    fn default() -> Self {
        let (lock, waiting) = (Mutex::new(()), AtomicUsize::new(0));
        Self { seal_rows: limits::SEAL_ROWS, lock, waiting }
    }
}

impl House {
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
        while self.is_wanted() {
            drop(entered);
            std::thread::yield_now();
            entered = self.enter();
        }
        entered
    }

    /// Whether an erasure waits.
    pub(super) fn is_wanted(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0
    }
}
