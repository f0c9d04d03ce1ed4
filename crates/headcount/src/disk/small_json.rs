//! Small files of ours that hold one JSON object, and that nothing is lost with.

use std::path::Path;

use serde_json::Value as Json;

use super::private_file;

/// The content of such a file; `None` where there is none, and where it cannot be read or is not
/// JSON: then it tells nothing.
pub(crate) fn read(path: &Path) -> Option<Json> {
    serde_json::from_str(&private_file::read(path).ok()??).ok()
}

/// The same, for a file that says which layout it has; `None` also where that is another one.
pub(crate) fn read_layout(path: &Path, layout: u64) -> Option<Json> {
    let json = read(path)?;
    (json.get("format").and_then(Json::as_u64) == Some(layout)).then_some(json)
}
