//! What judges use again from request to request.

use std::sync::{Mutex, PoisonError};

use crate::plan::PlanState;
use crate::pseudonym::RecentPseudonyms;

/// What one judge uses again.
pub(crate) struct Desk {
    pub(crate) state: PlanState,
    pub(crate) recent: RecentPseudonyms,
}

/// The desks that nobody sits at: at most as many as there have been judges at
/// once. All of them are under one secret.
#[derive(Default)]
pub(crate) struct Desks(Mutex<Vec<Desk>>);

impl Desks {
    /// Returns a free desk, or a new one.
    pub(crate) fn take(&self) -> Desk {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.unwrap_or_else(|| Desk {
            state: PlanState::default(),
            recent: RecentPseudonyms::new(),
        })
    }

    /// Leaves a desk for the next judge. A judge that panics leaves none.
    pub(crate) fn leave(&self, desk: Desk) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(desk);
    }
}
