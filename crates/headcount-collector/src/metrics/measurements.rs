//! What a collector measures of itself from its start.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use headcount_catalog::Time;

use super::histogram::Histogram;
use crate::limits;
use crate::route_class::RouteClass;

/// What a collector measures of itself. Nothing here waits for anything.
#[derive(Debug)]
pub(crate) struct Measurements {
    /// From the end of a request's head until its answer is complete or given
    /// up, by class.
    requests: [Histogram; RouteClass::ALL.len()],
    /// Bytes of bodies as they were sent.
    pub(super) bodies: Histogram,
    pub(crate) commits: CommitMeasurements,
    pub(crate) connections: ConnectionMeasurements,
    pub(crate) housekeeping: HousekeepingMeasurements,
    pub(crate) alerts: AlertMeasurements,
}

/// Commits that worked.
#[derive(Debug)]
pub(crate) struct CommitMeasurements {
    pub(super) times: Histogram,
    pub(super) requests: Histogram,
    pub(super) events: Histogram,
}

/// Connections.
#[derive(Debug, Default)]
pub(crate) struct ConnectionMeasurements {
    pub(super) accepted: AtomicU64,
    pub(super) closed: AtomicU64,
    pub(super) shed: AtomicU64,
}

/// The times when the store was kept in order.
#[derive(Debug, Default)]
pub(crate) struct HousekeepingMeasurements {
    pub(super) done: AtomicU64,
    pub(super) failed: AtomicU64,
    /// Seconds since 1970, 0 if there was none.
    last_success: AtomicI64,
}

/// Alerts, and their messages.
#[derive(Debug, Default)]
pub(crate) struct AlertMeasurements {
    /// How many ring now.
    pub(crate) ringing: AtomicU64,
    pub(crate) sent: AtomicU64,
    /// Tries that failed.
    pub(crate) failed: AtomicU64,
    pub(crate) given_up: AtomicU64,
}

impl Default for Measurements {
    fn default() -> Self {
        Self {
            requests: [const { Histogram::of_times(limits::REQUEST_TIME_BOUNDS) };
                RouteClass::ALL.len()],
            bodies: Histogram::of_sizes(limits::BODY_SIZE_BOUNDS),
            commits: CommitMeasurements {
                times: Histogram::of_times(limits::COMMIT_TIME_BOUNDS),
                requests: Histogram::of_sizes(limits::COMMIT_SIZE_BOUNDS),
                events: Histogram::of_sizes(limits::COMMIT_SIZE_BOUNDS),
            },
            connections: ConnectionMeasurements::default(),
            housekeeping: HousekeepingMeasurements::default(),
            alerts: AlertMeasurements::default(),
        }
    }
}

impl Measurements {
    /// A request was answered.
    pub(crate) fn answered(&self, route: RouteClass, time: Duration) {
        self.requests[route.place()].took(time);
    }

    /// A body of so many bytes arrived.
    pub(crate) fn received(&self, bytes: usize) {
        self.bodies.sized(bytes);
    }

    /// Every class of requests with its times.
    pub(super) fn requests(&self) -> impl Iterator<Item = (RouteClass, &Histogram)> {
        RouteClass::ALL.into_iter().zip(&self.requests)
    }
}

impl CommitMeasurements {
    /// A commit is on disk.
    pub(crate) fn took(&self, time: Duration) {
        self.times.took(time);
    }

    /// A commit has so many requests and events.
    pub(crate) fn sized(&self, requests: usize, events: usize) {
        self.requests.sized(requests);
        self.events.sized(events);
    }
}

impl ConnectionMeasurements {
    pub(crate) fn opened(&self) {
        self.accepted.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn closed(&self) {
        self.closed.fetch_add(1, Ordering::Relaxed);
    }

    /// One was ended for another.
    pub(crate) fn shed(&self) {
        self.shed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn open(&self) -> u64 {
        let closed = self.closed.load(Ordering::Relaxed);
        self.accepted.load(Ordering::Relaxed).saturating_sub(closed)
    }
}

impl HousekeepingMeasurements {
    pub(crate) fn ended(&self, is_done: bool, now: Time) {
        if is_done {
            self.done.fetch_add(1, Ordering::Relaxed);
            self.last_success.store(now.seconds(), Ordering::Relaxed);
        } else {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Seconds since 1970.
    pub(crate) fn last_success(&self) -> Option<i64> {
        Some(self.last_success.load(Ordering::Relaxed)).filter(|seconds| *seconds != 0)
    }
}
