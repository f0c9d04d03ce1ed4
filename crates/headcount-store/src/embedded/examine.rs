//! Proves the books of a store from its file: every checksum and count, ids
//! that are sorted and unique, events that add up to what was acknowledged, and
//! rollups that say what raw events say.

mod report;
mod fresh;
mod segment;
mod unique;
mod books;
mod counts;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use rusqlite::{Connection, Error};

use super::connection::{self, OpenMode};
use super::rollups::Rollups;
use super::schemas::Schemas;
use super::sealing::tables;
use crate::StoreError;
use report::{DayCounts, sentence};

pub use report::BooksReport;

/// Examines the store's file in a data folder. It changes nothing. A collector
/// may run meanwhile: what is examined is of one moment.
///
/// # Errors
///
/// Returns an error if the folder has no file that this version can read. What
/// is wrong within the file is in the report.
pub fn examine(folder: &Path) -> Result<BooksReport, StoreError> {
    let file = std::path::absolute(folder)
        .map_err(|error| StoreError::system("find the data folder", folder, error))?
        .join(connection::FILE);
    let connection = connection::open(&file, OpenMode::Questions)?;
    connection::check_newest(&connection, &file)?;
    let reading = |error| StoreError::database("examine", &file, error);
    let snapshot = connection.unchecked_transaction().map_err(reading)?;
    let mut report = BooksReport::default();
    check_database(&snapshot, &mut report).map_err(reading)?;
    // Without sound tables, everything else would only repeat that.
    if !report.findings.is_empty() {
        return Ok(report);
    }
    let examined = examine_events(&snapshot, &file, &mut report);
    if let Err(error) = examined {
        report.find(sentence(&error.to_string()));
    }
    Ok(report)
}

fn examine_events(
    connection: &Connection,
    file: &Path,
    report: &mut BooksReport,
) -> Result<(), StoreError> {
    let reading = |error| StoreError::database("examine", file, error);
    let schemas = Schemas::read(connection, file)?;
    let mut counts = DayCounts::new();
    let fresh = fresh::check((connection, file), &schemas, &mut counts, report)?;
    let mut segments = BTreeMap::<_, Vec<_>>::new();
    let mut devices = BTreeMap::new();
    for head in tables::segments(connection).map_err(reading)? {
        let devices = match devices.entry(head.product.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => {
                free.insert(Rollups::read_devices(connection, &head.product).map_err(reading)?)
            }
        };
        segment::check((connection, file), &schemas, (&head, devices), &mut counts, report)?;
        segments.entry((head.product.clone(), head.day)).or_default().push(head);
    }
    unique::check((connection, file), &fresh, &segments, report)?;
    books::check(connection, &counts, report).map_err(reading)?;
    report.events = counts.values().sum();
    // Counts of events that cannot be read would only repeat that.
    if report.findings.is_empty() {
        counts::check((connection, file), &schemas, &counts, report)?;
    }
    Ok(())
}

/// Lets SQLite check its own tables and indexes.
fn check_database(connection: &Connection, report: &mut BooksReport) -> Result<(), Error> {
    let mut check = connection.prepare("PRAGMA quick_check(20)")?;
    let mut rows = check.query(())?;
    while let Some(row) = rows.next()? {
        let found: String = row.get(0)?;
        if found != "ok" {
            report.find(format!(
                "The tables of the database are damaged ({}); restore the file from a backup.",
                found.trim()
            ));
        }
    }
    Ok(())
}
