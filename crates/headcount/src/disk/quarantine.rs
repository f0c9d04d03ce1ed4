//! Records that a destination rejected for good, kept for the person to look
//! at, as they were in the queue.

use std::fs;

use headcount_catalog::{Catalog, Checked};

use super::error::DiskError;
use super::paths::Paths;
use super::private_file;
use crate::limits;

/// Keeps records. If the file is full, the newest are dropped.
///
/// # Errors
///
/// Returns an error if the file cannot be written.
pub(crate) fn keep(paths: &Paths, catalog: &Catalog, records: &[Checked]) -> Result<(), DiskError> {
    let mut size = bytes(paths);
    let mut text = String::new();
    for line in records.iter().filter_map(|record| headcount_wire::write(catalog, record).ok()) {
        size += line.len() as u64 + 1;
        if size > limits::QUARANTINE_BYTES {
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    if text.is_empty() { Ok(()) } else { private_file::append(&paths.quarantine(), &text) }
}

/// The size of the file in bytes.
pub(crate) fn bytes(paths: &Paths) -> u64 {
    fs::metadata(paths.quarantine()).map_or(0, |metadata| metadata.len())
}
