//! Records that a destination will never take, kept for the person to look at, as they stood in the
//! queue.

use std::fs;

use headcount_catalog::{Catalog, Checked};

use super::error::DiskError;
use super::paths::Paths;
use super::private_file;
use crate::limits;

/// Keeps records; beyond its bound the newest are let go.
///
/// # Errors
///
/// What the system says.
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

/// How many bytes are kept.
pub(crate) fn bytes(paths: &Paths) -> u64 {
    fs::metadata(paths.quarantine()).map_or(0, |metadata| metadata.len())
}
