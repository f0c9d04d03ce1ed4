//! Counts of answered requests by status.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;

/// Counts answered requests by status, from the collector's start.
pub(crate) struct AnsweredRequests {
    /// From status 100 to status 599.
    counts: [AtomicU64; 500],
}

impl Default for AnsweredRequests {
    fn default() -> Self {
        Self { counts: [const { AtomicU64::new(0) }; 500] }
    }
}

impl AnsweredRequests {
    pub(crate) fn count(&self, status: StatusCode) {
        let place = usize::from(status.as_u16()).checked_sub(100);
        if let Some(count) = place.and_then(|place| self.counts.get(place)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Every status that was answered, with its count.
    pub(crate) fn all(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        let all = self.counts.iter().map(|count| count.load(Ordering::Relaxed));
        (100..).zip(all).filter(|(_, count)| *count > 0)
    }
}
