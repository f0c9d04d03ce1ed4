//! Locks and cells that recording never waits for.
//!
//! What such a lock protects can always be made again without it. So a thread
//! that finds it held continues at once. So does a child of `fork` whose parent
//! held it in another thread: that lock is never released.

use std::sync::{
    Mutex, MutexGuard, OnceLock, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError,
    TryLockResult,
};

/// Returns the guard; `None` if the lock is held.
pub(crate) fn try_lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    guard(mutex.try_lock())
}

/// Returns the guard; `None` if the lock is held for writing.
pub(crate) fn try_read<T>(lock: &RwLock<T>) -> Option<RwLockReadGuard<'_, T>> {
    guard(lock.try_read())
}

/// Returns the guard; `None` if the lock is held.
pub(crate) fn try_write<T>(lock: &RwLock<T>) -> Option<RwLockWriteGuard<'_, T>> {
    guard(lock.try_write())
}

/// A poisoned lock is usable.
fn guard<G>(tried: TryLockResult<G>) -> Option<G> {
    match tried {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Returns the content of a cell, and makes it if the cell is empty. No thread
/// waits: threads that find it empty each make the content, and the first to
/// finish wins.
pub(crate) fn get_or_make<T>(cell: &OnceLock<T>, make: impl FnOnce() -> T) -> &T {
    if let Some(made) = cell.get() {
        return made;
    }
    let made = make();
    cell.get_or_init(|| made)
}
