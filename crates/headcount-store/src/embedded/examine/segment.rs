//! Checks one sealed segment: every chunk, and its pages of ids.

use std::path::Path;

use headcount_catalog::EventId;
use rusqlite::Connection;

use super::super::rollups::DeviceTable;
use super::super::schemas::Schemas;
use super::super::sealing::{SegmentHead, SegmentReader, tables};
use super::report::{BooksReport, DayCounts, sentence};
use crate::StoreError;
use crate::sealed::SealedRows;

pub(super) fn check(
    (connection, file): (&Connection, &Path),
    schemas: &Schemas,
    (head, devices): (&SegmentHead, &DeviceTable),
    counts: &mut DayCounts,
    report: &mut BooksReport,
) -> Result<(), StoreError> {
    let reading = |error| StoreError::database("examine", file, error);
    let mut reader = match SegmentReader::new((connection, file), schemas, head.clone()) {
        Ok(reader) => reader,
        Err(error) => {
            report.find(sentence(&error.to_string()));
            return Ok(());
        }
    };
    let mut seen = Seen { devices, rows: 0, last: None };
    while let Some(chunk) = reader.next_row()? {
        report.chunks += 1;
        match reader.open(&chunk) {
            Ok(rows) => seen.check(&rows, head.number, chunk.number, report),
            Err(error) => {
                report.find(sentence(&error.to_string()));
                seen.rows += chunk.rows;
            }
        }
    }
    let pages = tables::count_ids(connection, head.number).map_err(reading)?;
    for (what, rows) in [("chunks", seen.rows), ("pages of ids", pages)] {
        if rows != head.rows {
            report.find(format!(
                "Sealed segment {} should have {} events, and its {what} have {rows}; restore the \
                 file from a backup.",
                head.number, head.rows
            ));
        }
    }
    *counts.entry((head.product.clone(), head.day)).or_default() += seen.rows;
    Ok(())
}

/// What the chunks of a segment have so far.
struct Seen<'a> {
    devices: &'a DeviceTable,
    rows: u64,
    last: Option<EventId>,
}

impl Seen<'_> {
    fn check(&mut self, rows: &SealedRows, segment: i64, chunk: i64, report: &mut BooksReport) {
        self.rows += rows.len() as u64;
        let ids = rows.ids();
        if self.last.is_some_and(|last| ids.first().is_some_and(|first| *first <= last)) {
            report.find(format!(
                "Sealed chunk {chunk} of segment {segment} begins before the one before it ends; \
                 restore the file from a backup."
            ));
        }
        self.last = ids.last().copied();
        let nameless = rows.slots().filter(|slot| self.devices.pseudonym(*slot).is_none()).count();
        if nameless > 0 {
            report.find(format!(
                "Sealed chunk {chunk} of segment {segment} has {nameless} events of devices that \
                 the table of devices does not have; restore the file from a backup."
            ));
        }
    }
}
