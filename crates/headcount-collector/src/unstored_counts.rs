//! Counts of rejected and refused events, until the next commit writes them.

use std::collections::BTreeMap;

use headcount_catalog::Reason;
use headcount_store::{Refusal, UnstoredCount};

/// Counts events that were not stored, by product and reason.
#[derive(Debug, Default)]
pub(crate) struct UnstoredCounts {
    rejected: BTreeMap<(&'static str, Reason), u64>,
    refused: BTreeMap<(&'static str, Refusal), u64>,
}

impl UnstoredCounts {
    pub(crate) fn reject(&mut self, product: &'static str, reason: Reason, more: u64) {
        let count = self.rejected.entry((product, reason)).or_default();
        *count = count.saturating_add(more);
    }

    pub(crate) fn refuse(&mut self, product: &'static str, refusal: Refusal, more: u64) {
        let count = self.refused.entry((product, refusal)).or_default();
        *count = count.saturating_add(more);
    }

    /// Adds the refused events of a commit that failed. Its rejected events are
    /// no longer rejected: their requests were refused as a whole.
    pub(crate) fn keep_refused(&mut self, failed: Self) {
        for ((product, refusal), count) in failed.refused {
            self.refuse(product, refusal, count);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rejected.is_empty() && self.refused.is_empty()
    }

    /// Every product and reason of rejected events, with their number.
    pub(crate) fn rejected(&self) -> impl Iterator<Item = (&'static str, Reason, u64)> + '_ {
        self.rejected.iter().map(|(&(product, reason), &count)| (product, reason, count))
    }

    /// The counts as a commit has them.
    pub(crate) fn for_commit(&self) -> Vec<UnstoredCount> {
        let rejected = self
            .rejected
            .iter()
            .map(|(&(product, reason), &count)| UnstoredCount::rejected(product, reason, count));
        let refused = self
            .refused
            .iter()
            .map(|(&(product, refusal), &count)| UnstoredCount::refused(product, refusal, count));
        rejected.chain(refused).collect()
    }
}
