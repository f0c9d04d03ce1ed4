//! Counts arrivals that were dropped without an outcome. Only a bug or a panic
//! does that.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::wakeup::Wakeup;

/// Counts lost arrivals by product, until the next commit writes them.
#[derive(Debug)]
pub(crate) struct LostArrivals {
    counts: Mutex<BTreeMap<&'static str, u64>>,
    writer: Arc<Wakeup>,
}

impl LostArrivals {
    pub(crate) fn new(writer: Arc<Wakeup>) -> Self {
        Self { counts: Mutex::default(), writer }
    }

    /// Counts one, and wakes the writer: it may be the last arrival for a long
    /// time.
    pub(crate) fn count(&self, product: &'static str) {
        *self.counts().entry(product).or_default() += 1;
        self.writer.wake();
    }

    pub(crate) fn take(&self) -> BTreeMap<&'static str, u64> {
        mem::take(&mut *self.counts())
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
