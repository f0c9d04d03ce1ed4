//! Reads small files of ours with one JSON object. Nothing important is lost if
//! one is damaged.

use std::path::Path;

use serde_json::Value as Json;

use super::content::{self, Content, Denied};
use super::error::{Cause, DiskError};
use super::private_file;

/// The content of a file; `None` if it is missing, unreadable or not JSON.
pub(crate) fn read(path: &Path) -> Option<Json> {
    // `from_str` would be compiled into this crate once more.
    private_file::read(path).ok()??.parse().ok()
}

/// Parses a file with a layout number in `format`, which must not be taken for
/// empty. `what` says what is not in it if it is damaged: `a list of names`.
///
/// # Errors
///
/// Returns an error if a newer release wrote it in another layout, if it is not
/// JSON, or if `parse` finds that it is not in this layout.
pub(crate) fn parse_layout<T>(
    path: &Path,
    text: &str,
    layout: u64,
    what: &str,
    parse: impl FnOnce(&Json) -> Option<T>,
) -> Result<T, DiskError> {
    let json: Option<Json> = text.parse().ok();
    let format = json.as_ref().and_then(|json| json.get("format")?.as_u64());
    if format.is_some_and(|format| format > layout) {
        return Err(DiskError::new(path, Cause::OfNewerRelease));
    }
    let parsed = json.as_ref().filter(|_| format == Some(layout)).and_then(parse);
    parsed.ok_or_else(|| DiskError::new(path, Cause::Damaged(format!("not {what}"))))
}

/// Whether a newer release wrote a file in another layout: then this one leaves
/// it as it is.
///
/// # Errors
///
/// Returns an error if the file cannot be read now: then nobody can tell, and
/// it must not be replaced either.
pub(crate) fn is_of_newer_release(path: &Path, layout: u64) -> Result<bool, DiskError> {
    let Content::Text(text) = content::read(path, Denied::MayBeSound)? else { return Ok(false) };
    let json: Json = text.parse().unwrap_or_default();
    let format = json.get("format").and_then(Json::as_u64);
    Ok(format.is_some_and(|format| format > layout))
}

/// The content of a file with a layout number in `format`; `None` also for
/// another layout.
pub(crate) fn read_layout(path: &Path, layout: u64) -> Option<Json> {
    read(path).filter(|json| is_of(json, layout))
}

/// The content of a text with a layout number in `format`; `None` also for
/// another layout.
pub(crate) fn of_layout(text: &str, layout: u64) -> Option<Json> {
    text.parse().ok().filter(|json| is_of(json, layout))
}

fn is_of(json: &Json, layout: u64) -> bool {
    json.get("format").and_then(Json::as_u64) == Some(layout)
}
