//! Locks and cells that recording never waits for.
//!
//! What such a lock guards can always be had without it, at the price of making it once more. So a
//! thread that finds it held goes on at once, and a child of `fork` whose parent held it in another
//! thread, which nobody will ever release, does too.

use std::sync::{Mutex, MutexGuard, OnceLock, TryLockError};

/// The guard; `None` where the lock is held. A thread that panicked with it left what was there.
pub(crate) fn try_lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// What a cell holds, made where it is empty. Nobody waits while it is made: threads that find it
/// empty each make one, and the first to be done is believed.
pub(crate) fn get_or_make<T>(cell: &OnceLock<T>, make: impl FnOnce() -> T) -> &T {
    if let Some(made) = cell.get() {
        return made;
    }
    let made = make();
    cell.get_or_init(|| made)
}
