//! Counts of fields that were dropped from stored events, because their
//! catalogs do not know or allow them.
//!
//! They count from the collector's start, as Prometheus expects of a counter.
//! The store counts events by outcome, and an event with a dropped field is
//! stored.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use headcount_catalog::Reason;

/// Counts dropped fields by product and reason.
#[derive(Debug, Default)]
pub(crate) struct DroppedFields {
    counts: Mutex<BTreeMap<(&'static str, Reason), u64>>,
}

/// One of the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DroppedFieldCount {
    pub(crate) product: &'static str,
    pub(crate) reason: Reason,
    pub(crate) count: u64,
}

impl DroppedFields {
    /// Counts the fields of one event.
    pub(crate) fn count(&self, product: &'static str, reasons: impl Iterator<Item = Reason>) {
        let mut counts = self.counts();
        for reason in reasons {
            let count = counts.entry((product, reason)).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// Every count, sorted by product and reason.
    pub(crate) fn all(&self) -> Vec<DroppedFieldCount> {
        let counts = self.counts();
        let all = counts.iter().map(|(&(product, reason), &count)| DroppedFieldCount {
            product,
            reason,
            count,
        });
        all.collect()
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<(&'static str, Reason), u64>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
