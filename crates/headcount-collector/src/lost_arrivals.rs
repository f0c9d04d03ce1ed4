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

    /// Counts some, and wakes the writer: they may be the last arrivals for a
    /// long time.
    pub(crate) fn count(&self, product: &'static str, more: u64) {
        *self.counts().entry(product).or_default() += more;
        self.writer.wake();
    }

    pub(crate) fn take(&self) -> BTreeMap<&'static str, u64> {
        mem::take(&mut *self.counts())
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
