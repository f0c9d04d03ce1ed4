//! Fields that were left out of events that stayed: what their catalogs do not know or allow. They
//! are counted and forgotten.
//!
//! The counts are of this run alone, as Prometheus expects of a counter: the store keeps the
//! outcomes of events, and these have one already.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use headcount_catalog::Reason;

/// How many, by product and reason.
#[derive(Debug, Default)]
pub(crate) struct LeftOut(Mutex<BTreeMap<(&'static str, Reason), u64>>);

impl LeftOut {
    /// Counts the fields of one event.
    pub(crate) fn count(&self, product: &'static str, reasons: impl Iterator<Item = Reason>) {
        let mut counts = self.counts();
        for reason in reasons {
            let count = counts.entry((product, reason)).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// Every count, in a fixed order.
    pub(crate) fn all(&self) -> Vec<(&'static str, Reason, u64)> {
        self.counts().iter().map(|(&(product, reason), &count)| (product, reason, count)).collect()
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<(&'static str, Reason), u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
