//! Reads small files of ours with one JSON object. Nothing important is lost if
//! one is damaged.

use std::path::Path;

use serde_json::Value as Json;

use super::private_file;

/// The content of a file; `None` if it is missing, unreadable or not JSON.
pub(crate) fn read(path: &Path) -> Option<Json> {
    serde_json::from_str(&private_file::read(path).ok()??).ok()
}

/// Whether a newer release wrote a file in another layout: then this one leaves
/// it as it is.
pub(crate) fn is_of_newer_release(path: &Path, layout: u64) -> bool {
    let format = read(path).and_then(|json| json.get("format").and_then(Json::as_u64));
    format.is_some_and(|format| format > layout)
}

/// The content of a file with a layout number in `format`; `None` also for
/// another layout.
pub(crate) fn read_layout(path: &Path, layout: u64) -> Option<Json> {
    let json = read(path)?;
    (json.get("format").and_then(Json::as_u64) == Some(layout)).then_some(json)
}
