//! An arrival: one event of one request, which ends in exactly one outcome.

use headcount_catalog::Reason;
use headcount_store::{Appended, Commit, EventRow};
use headcount_wire::Outcome;

use crate::unstored_counts::UnstoredCounts;

/// An event that arrived and has no outcome yet. Only an outcome ends it: in a debug build,
/// dropping one stops the program.
#[derive(Debug)]
#[must_use = "an arrival ends in exactly one outcome"]
pub(crate) struct Arrival {
    product: &'static str,
    judged: Result<EventRow<'static>, Reason>,
    owed: Owed,
}

/// An arrival whose row, if it has one, is in a commit.
#[derive(Debug)]
#[must_use = "an arrival ends in exactly one outcome"]
pub(crate) struct Entered {
    product: &'static str,
    rejected: Option<Reason>,
    owed: Owed,
}

impl Arrival {
    pub(crate) fn new(product: &'static str, judged: Result<EventRow<'static>, Reason>) -> Self {
        Self { product, judged, owed: Owed }
    }

    /// Enters a commit: a row of its own, or a tally of why there is none.
    pub(crate) fn enter(
        self,
        commit: &mut Commit<'static>,
        tallies: &mut UnstoredCounts,
    ) -> Entered {
        let rejected = match self.judged {
            Ok(row) => {
                commit.rows.push(row);
                None
            }
            Err(reason) => {
                tallies.reject(self.product, reason);
                Some(reason)
            }
        };
        Entered { product: self.product, rejected, owed: self.owed }
    }

    /// It is sent away for now. Whoever calls this counts it.
    pub(crate) fn refuse(self) -> &'static str {
        self.owed.paid();
        self.product
    }
}

impl Entered {
    /// The commit is durable; `kept` says in order what became of its rows.
    pub(crate) fn settle(self, kept: &mut impl Iterator<Item = Appended>) -> Outcome {
        let outcome = match self.rejected {
            Some(reason) => Outcome::Rejected(reason),
            None => match kept.next() {
                Some(Appended::Stored) => Outcome::Stored,
                Some(Appended::Duplicate) => Outcome::Duplicate,
                None => Outcome::Refused,
            },
        };
        self.owed.paid();
        outcome
    }

    /// The commit failed: it is sent away for now. Whoever calls this counts it.
    pub(crate) fn refuse(self) -> &'static str {
        self.owed.paid();
        self.product
    }
}

/// The outcome that is owed.
#[derive(Debug)]
struct Owed;

impl Owed {
    fn paid(self) {
        std::mem::forget(self);
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        debug_assert!(std::thread::panicking(), "an arrival was dropped without an outcome");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "dropped without an outcome")]
    fn one_cannot_vanish() {
        drop(Arrival::new("atomic", Err(Reason::Malformed)));
    }
}
