//! Counts of events that never reach the store, on their way into its next commit.

use std::collections::BTreeMap;

use headcount_catalog::Reason;
use headcount_store::{Refusal, UnstoredCount};

/// How many events ended without being stored, by product and reason.
#[derive(Debug, Default)]
pub(crate) struct Tallies {
    rejected: BTreeMap<(&'static str, Reason), u64>,
    /// By whether the store had failed; else too much was waiting.
    refused: BTreeMap<(&'static str, &'static str), (Refusal, u64)>,
}

impl Tallies {
    pub(crate) fn rejected(&mut self, product: &'static str, reason: Reason) {
        let count = self.rejected.entry((product, reason)).or_default();
        *count = count.saturating_add(1);
    }

    pub(crate) fn refused(&mut self, product: &'static str, refusal: Refusal, more: u64) {
        let (_, count) = self.refused.entry((product, refusal.name())).or_insert((refusal, 0));
        *count = count.saturating_add(more);
    }

    /// Keeps the refused of another, whose commit failed. Its rejected are no longer rejected:
    /// their whole request was sent away.
    pub(crate) fn take_back(&mut self, other: Self) {
        for ((product, _), (refusal, count)) in other.refused {
            self.refused(product, refusal, count);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rejected.is_empty() && self.refused.is_empty()
    }

    /// As the store takes them.
    pub(crate) fn written(&self) -> Vec<UnstoredCount> {
        let rejected = self.rejected.iter();
        let refused = self.refused.iter();
        rejected
            .map(|(&(product, reason), &count)| UnstoredCount::rejected(product, reason, count))
            .chain(refused.map(|(&(product, _), &(refusal, count))| {
                UnstoredCount::refused(product, refusal, count)
            }))
            .collect()
    }
}
