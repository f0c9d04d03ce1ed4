//! What kept a file of the person's from being read or written, as a sentence:
//! which file, what, and what to do.

use std::io::{Error, ErrorKind};
use std::path::Path;

/// The same error with the file it is about and what to do.
pub(super) fn at(path: &Path, error: &Error) -> Error {
    let place = path.display();
    Error::other(match advice(error.kind()) {
        Some(advice) => format!("{place}: {error}; {advice}"),
        None => format!("{place}: {error}; mend or remove it, and try again"),
    })
}

fn advice(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::PermissionDenied => Some("check the owner and mode of it and its folder"),
        ErrorKind::ReadOnlyFilesystem => Some("its folder must be one that can be written"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            Some("free some space, and try again")
        }
        ErrorKind::NotADirectory => Some("a file stands where a folder should be: move it away"),
        ErrorKind::NotFound => Some("its folder is not there: make it, and try again"),
        _ => None,
    }
}
