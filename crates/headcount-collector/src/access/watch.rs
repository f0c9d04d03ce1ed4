//! The credentials' file, as it is looked at while a collector runs.

use std::sync::Arc;

use super::gate::Gate;
use crate::file_watch::{FileWatch, WatchedFiles};
use crate::limits;
use crate::operator_log::LogPart;

const FILES: WatchedFiles = WatchedFiles {
    thread: "headcount-access",
    part: "the watch of the credentials",
    log_part: LogPart::Credentials,
    panicked: "a look at the credentials panicked, and another one follows; this is a bug in \
               Headcount: please report it",
};

/// Looks at the credentials' file; `None` in development, which has none.
pub(crate) fn watch(gate: &Arc<Gate>) -> Option<FileWatch> {
    let look = Arc::clone(gate);
    let watch = FileWatch::new(FILES, limits::CREDENTIALS_INTERVAL, move || look.look());
    (!gate.is_development()).then_some(watch)
}
