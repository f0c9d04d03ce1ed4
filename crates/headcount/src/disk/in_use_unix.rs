//! Unix: a file that another program has open can be read, replaced and
//! removed all the same.

use std::fs;
use std::io;
use std::path::Path;

/// While this lives, its thread waits for other programs longer than a host
/// that records. Here nobody waits.
#[derive(Debug)]
pub(crate) struct Patient;

impl Patient {
    /// Lets this thread wait for other programs as a person or a shipper does.
    pub(crate) fn thread() -> Self {
        Self
    }
}

/// Whether an error says that another program has the file open: never.
pub(crate) fn is_held(_error: &io::Error) -> bool {
    false
}

/// Opens or creates a file, or reads it.
pub(crate) fn open<T>(_path: &Path, mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    act()
}

/// Gives a file another name, which may be that of another file.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

/// Removes a file.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}
