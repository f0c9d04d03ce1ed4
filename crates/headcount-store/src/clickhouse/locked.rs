//! A mutex whose value is never half changed.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The value, also after a panic of somebody who had it: each value is replaced
/// whole, and a shipper forgets at most what the server has been told, and
/// tells it again.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
