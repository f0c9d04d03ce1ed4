//! A histogram without a lock: a few counters, two of which each value adds to.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::limits;

/// Counts values by size. A value costs two additions to counters, and a look
/// at the bounds: less than 0.1 µs.
#[derive(Debug)]
pub(crate) struct Histogram {
    /// The greatest value of each bucket, in the unit that is counted in,
    /// sorted.
    bounds: &'static [u64],
    /// By bucket; the last one is of what exceeds every bound.
    counts: [AtomicU64; limits::HISTOGRAM_BUCKETS],
    sum: AtomicU64,
    unit: HistogramUnit,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HistogramUnit {
    /// Nanoseconds, which are shown as seconds.
    Nanoseconds,
    /// Pieces, or bytes.
    Pieces,
}

/// A histogram at one moment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HistogramState {
    /// The bound of each bucket, and how many values are in it and those before
    /// it. The bound of the last one is infinite.
    pub(super) buckets: Vec<(f64, u64)>,
    pub(super) sum: f64,
}

impl Histogram {
    /// Of how long something takes.
    pub(crate) const fn of_times(bounds: &'static [u64]) -> Self {
        Self::of(bounds, HistogramUnit::Nanoseconds)
    }

    /// Of how many, or how much.
    pub(crate) const fn of_sizes(bounds: &'static [u64]) -> Self {
        Self::of(bounds, HistogramUnit::Pieces)
    }

    const fn of(bounds: &'static [u64], unit: HistogramUnit) -> Self {
        assert!(bounds.len() < limits::HISTOGRAM_BUCKETS, "one more bucket for what exceeds all");
        let counts = [const { AtomicU64::new(0) }; limits::HISTOGRAM_BUCKETS];
        Self { bounds, counts, sum: AtomicU64::new(0), unit }
    }

    /// Counts how long something took.
    pub(crate) fn took(&self, time: Duration) {
        self.count(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Counts how many, or how much.
    pub(crate) fn sized(&self, size: usize) {
        self.count(size as u64);
    }

    fn count(&self, value: u64) {
        let bucket = self.bounds.iter().take_while(|bound| **bound < value).count();
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    pub(super) fn state(&self) -> HistogramState {
        let mut all = 0;
        let bounds = self.bounds.iter().map(|bound| self.shown(*bound)).chain([f64::INFINITY]);
        let buckets = bounds.zip(&self.counts).map(|(bound, count)| {
            all += count.load(Ordering::Relaxed);
            (bound, all)
        });
        let buckets = buckets.collect();
        HistogramState { buckets, sum: self.shown(self.sum.load(Ordering::Relaxed)) }
    }

    #[expect(clippy::cast_precision_loss, reason = "53 bits of nanoseconds are 104 days")]
    fn shown(&self, value: u64) -> f64 {
        match self.unit {
            HistogramUnit::Nanoseconds => value as f64 / 1e9,
            HistogramUnit::Pieces => value as f64,
        }
    }
}

impl HistogramState {
    /// How many values there are.
    pub(super) fn count(&self) -> u64 {
        self.buckets.last().map_or(0, |(_, count)| *count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_in_the_first_bucket_that_it_does_not_exceed() {
        let histogram = Histogram::of_times(&[1_000_000, 10_000_000]);
        for micros in [1, 1_000, 1_001, 10_000, 10_001, 60_000_000] {
            histogram.took(Duration::from_micros(micros));
        }
        let state = histogram.state();
        assert_eq!(state.buckets, [(0.001, 2), (0.01, 4), (f64::INFINITY, 6)]);
        assert_eq!(state.count(), 6);
        assert!((state.sum - 60.022_003).abs() < 1e-9, "{}", state.sum);
    }

    #[test]
    fn every_list_of_bounds_is_sorted_and_fits() {
        for bounds in [
            limits::REQUEST_TIME_BOUNDS,
            limits::COMMIT_TIME_BOUNDS,
            limits::BODY_SIZE_BOUNDS,
            limits::COMMIT_SIZE_BOUNDS,
        ] {
            assert!(bounds.is_sorted() && bounds.len() < limits::HISTOGRAM_BUCKETS);
        }
    }
}
