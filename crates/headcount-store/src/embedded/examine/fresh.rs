//! Checks the blocks of fresh events.

use std::collections::BTreeMap;
use std::path::Path;

use headcount_catalog::{Day, EventId};
use rusqlite::Connection;

use super::super::fresh_blocks::each_fresh;
use super::super::schemas::Schemas;
use super::report::{BooksReport, DayCounts, sentence};
use crate::StoreError;

/// The ids of the fresh events, sorted.
pub(super) type FreshOfDays = BTreeMap<(String, Day), Vec<EventId>>;

/// Reads every fresh block.
pub(super) fn check(
    (connection, file): (&Connection, &Path),
    schemas: &Schemas,
    counts: &mut DayCounts,
    report: &mut BooksReport,
) -> Result<FreshOfDays, StoreError> {
    let mut ids = FreshOfDays::new();
    each_fresh(connection, file, |block| {
        report.blocks += 1;
        match block.rows(schemas) {
            Ok(rows) => {
                let day = (block.product.to_owned(), block.day);
                *counts.entry(day.clone()).or_default() += rows.len() as u64;
                ids.entry(day).or_default().extend_from_slice(rows.ids());
            }
            Err(error) => report.find(sentence(&error.to_string())),
        }
        Ok(())
    })?;
    ids.values_mut().for_each(|ids| ids.sort_unstable());
    Ok(ids)
}
