//! A sealed batch, as it is shipped.

use std::collections::BTreeMap;

use headcount_catalog::Day;

use crate::DayRows;

/// What the commits of a batch say, in order.
#[derive(Debug, Clone, Default)]
pub struct SpooledBatch {
    /// The number of the batch. Batches are numbered from 1 on, in the order in
    /// which they are shipped.
    pub number: u64,
    /// The rows, in the order of the commits, duplicates too.
    pub rows: Vec<DayRows>,
    /// Counts of events that were not stored, by product, outcome and reason.
    pub unstored: BTreeMap<(String, String, String), u64>,
    /// Counts of what was rejected, by where and why.
    pub rejected: BTreeMap<SpooledRejected, u64>,
}

/// What a count of rejected events or dropped properties is counted by:
/// [`RejectedCount`](crate::RejectedCount) as it lies on disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SpooledRejected {
    /// The product's name.
    pub product: String,
    /// The day of arrival, UTC.
    pub day: Day,
    /// The names of the event and the property.
    pub path: String,
    /// The kind of the property.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// The version of the catalog that judged.
    pub catalog: u32,
    /// The version of the sender's program; empty if it is not known.
    pub program: String,
}

/// Adds to a sum.
pub(super) fn add<K: Ord>(sums: &mut BTreeMap<K, u64>, key: K, count: u64) {
    let sum = sums.entry(key).or_default();
    *sum = sum.saturating_add(count);
}
