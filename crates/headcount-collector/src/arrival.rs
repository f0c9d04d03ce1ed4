//! An arrival: one event of one request, which ends in exactly one outcome.

use std::sync::Arc;

use headcount_catalog::Reason;
use headcount_store::{Commit, EventRow, Refusal, RowStatus};
use headcount_wire::Outcome;

use crate::lost_arrivals::LostArrivals;
use crate::unstored_counts::UnstoredCounts;

/// A judged event without an outcome. Each method that consumes it leads to its
/// outcome; if it is dropped instead, it is counted as refused, with the reason
/// [`Refusal::Internal`].
#[derive(Debug)]
#[must_use = "an arrival ends in exactly one outcome"]
pub(crate) struct Arrival {
    judged: Result<EventRow<'static>, Reason>,
    owed: OwedOutcome,
}

/// An arrival that is in a commit: as a row, or as a count of rejected events.
#[derive(Debug)]
#[must_use = "an arrival ends in exactly one outcome"]
pub(crate) struct EnteredArrival {
    rejected: Option<Reason>,
    owed: OwedOutcome,
}

impl Arrival {
    pub(crate) fn new(
        product: &'static str,
        judged: Result<EventRow<'static>, Reason>,
        lost: &Arc<LostArrivals>,
    ) -> Self {
        Self { judged, owed: OwedOutcome { product, lost: Some(Arc::clone(lost)) } }
    }

    /// Whether it was rejected for this reason.
    pub(crate) fn is_rejected_for(&self, reason: Reason) -> bool {
        matches!(self.judged, Err(own) if own == reason)
    }

    /// Enters a commit.
    pub(crate) fn enter(
        self,
        commit: &mut Commit<'static>,
        counts: &mut UnstoredCounts,
    ) -> EnteredArrival {
        let rejected = match self.judged {
            Ok(row) => {
                commit.rows.push(row);
                None
            }
            Err(reason) => {
                counts.reject(self.owed.product, reason);
                Some(reason)
            }
        };
        EnteredArrival { rejected, owed: self.owed }
    }

    /// Refuses the arrival before it is in a commit.
    pub(crate) fn refuse(self, refusal: Refusal, counts: &mut UnstoredCounts) {
        counts.refuse(self.owed.settle(), refusal, 1);
    }
}

impl EnteredArrival {
    /// Settles the arrival after the commit. `statuses` are those of the
    /// commit's rows, in order.
    pub(crate) fn settle(self, statuses: &mut impl Iterator<Item = RowStatus>) -> Outcome {
        let outcome = match self.rejected {
            Some(reason) => Outcome::Rejected(reason),
            None => match statuses.next() {
                Some(RowStatus::Stored) => Outcome::Stored,
                Some(RowStatus::Duplicate) => Outcome::Duplicate,
                // The store returned too few statuses: the arrival is dropped
                // here, and so counted.
                None => return Outcome::Refused,
            },
        };
        self.owed.settle();
        outcome
    }

    /// Refuses the arrival after the commit failed.
    pub(crate) fn refuse(self, refusal: Refusal, counts: &mut UnstoredCounts) {
        counts.refuse(self.owed.settle(), refusal, 1);
    }
}

/// The outcome that an arrival still owes.
#[derive(Debug)]
struct OwedOutcome {
    product: &'static str,
    /// Counts the arrival if it is dropped; `None` once it is settled.
    lost: Option<Arc<LostArrivals>>,
}

impl OwedOutcome {
    /// Returns the product, whose counts the outcome now belongs to.
    fn settle(mut self) -> &'static str {
        self.lost = None;
        self.product
    }
}

impl Drop for OwedOutcome {
    fn drop(&mut self) {
        if let Some(lost) = self.lost.take() {
            lost.count(self.product);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival(lost: &Arc<LostArrivals>) -> Arrival {
        Arrival::new("atomic", Err(Reason::Malformed), lost)
    }

    #[test]
    fn a_dropped_arrival_is_counted_and_a_settled_one_is_not() {
        let lost = Arc::new(LostArrivals::new(Arc::default()));
        let (mut commit, mut counts) = (Commit::default(), UnstoredCounts::default());
        arrival(&lost).refuse(Refusal::Busy, &mut counts);
        let entered = arrival(&lost).enter(&mut commit, &mut counts);
        assert_eq!(entered.settle(&mut [].into_iter()), Outcome::Rejected(Reason::Malformed));
        assert!(lost.take().is_empty());
        drop(arrival(&lost));
        drop(arrival(&lost).enter(&mut commit, &mut counts));
        assert_eq!(lost.take(), [("atomic", 2)].into());
    }

    #[test]
    fn an_arrival_is_counted_if_a_panic_drops_it() {
        let lost = Arc::new(LostArrivals::new(Arc::default()));
        let panicking = Arc::clone(&lost);
        let panicked = std::thread::spawn(move || {
            let _arrival = arrival(&panicking);
            panic!("on purpose");
        });
        panicked.join().unwrap_err();
        assert_eq!(lost.take(), [("atomic", 1)].into());
    }
}
