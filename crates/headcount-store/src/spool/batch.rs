//! A sealed batch, as it is shipped.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use headcount_catalog::Day;

use super::file::damaged;
use super::record::{Front, after_magic};
use crate::block::Damage;
use crate::{DayRows, StoreError};

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

/// Reads a file.
pub(super) fn read(path: &Path, number: u64) -> Result<SpooledBatch, StoreError> {
    let bytes = fs::read(path).map_err(|error| StoreError::system("read", path, error))?;
    let mut batch = SpooledBatch { number, ..SpooledBatch::default() };
    read_all(&bytes, &mut batch).map_err(|damage| damaged(path, damage))?;
    Ok(batch)
}

fn read_all(bytes: &[u8], batch: &mut SpooledBatch) -> Result<(), Damage> {
    let mut rest = after_magic(bytes)?;
    let mut schemas = Vec::new();
    while !rest.is_empty() {
        let Front::Whole(record, after) = Front::of(rest)? else { return Err(Damage::CutShort) };
        record.add_to(batch, &mut schemas)?;
        rest = after;
    }
    Ok(())
}

/// Adds to a sum.
pub(super) fn add<K: Ord>(sums: &mut BTreeMap<K, u64>, key: K, count: u64) {
    let sum = sums.entry(key).or_default();
    *sum = sum.saturating_add(count);
}
