//! The file of notes, as it is looked at while a collector runs.

use std::sync::Arc;

use super::current::CurrentNotes;
use crate::file_watch::{FileWatch, WatchedFiles};
use crate::limits;
use crate::operator_log::LogPart;

const FILES: WatchedFiles = WatchedFiles {
    thread: "headcount-notes",
    part: "the watch of the notes",
    log_part: LogPart::Notes,
    panicked: "a look at the notes panicked, and another one follows; this is a bug in Headcount: \
               please report it",
};

/// Looks at the file of notes.
pub(crate) fn watch(notes: &Arc<CurrentNotes>) -> FileWatch {
    let look = Arc::clone(notes);
    FileWatch::new(FILES, limits::NOTES_INTERVAL, move || look.look())
}
