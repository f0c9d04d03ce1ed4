//! Small files that are written completely or not at all: under another name,
//! then renamed.
//!
//! Only the holder of the ship lock writes them, so the other name is always
//! the same. What a crash leaves behind is overwritten by the next write, or
//! removed with its claim.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::QueueError;
use crate::limits::IN_USE_WAIT;
use crate::platform;

/// The end of the name of a file that is still being written.
pub(crate) const UNFINISHED: &str = ".new";

fn unfinished(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(UNFINISHED);
    PathBuf::from(name)
}

/// Replaces the file at `path` by `text`. After an error the file is as it was.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), QueueError> {
    // A small file that a loss of power empties is read as one that says
    // nothing.
    replace_by(path, &unfinished(path), text.as_bytes(), |_| Ok(()))
}

/// Replaces the claim at `path` by these bytes, which are on the disk before
/// the old ones are not. They are written under the name that the small file
/// `small` has while it is being written.
pub(crate) fn replace_claim(path: &Path, small: &Path, bytes: &[u8]) -> Result<(), QueueError> {
    replace_by(path, &unfinished(small), bytes, platform::sync)?;
    platform::sync_folder_of(path);
    Ok(())
}

fn replace_by(
    path: &Path,
    beside: &Path,
    bytes: &[u8],
    sync: impl FnOnce(&File) -> io::Result<()>,
) -> Result<(), QueueError> {
    // A write beyond the limit of the process would kill it (SIGXFSZ).
    let opened = if bytes.len() as u64 > platform::file_limit_bytes() {
        Err(io::ErrorKind::FileTooLarge.into())
    } else {
        platform::open_to_replace(beside)
    };
    let written = opened.and_then(|mut file| file.write_all(bytes).and_then(|()| sync(&file)));
    let replaced = written.and_then(|()| platform::rename_over(beside, path, IN_USE_WAIT));
    replaced.map_err(|error| {
        // It may hold lines, or half of them.
        let _ = platform::remove(beside, Duration::ZERO);
        QueueError::new("write", path, error)
    })
}

/// Reads a small file; `None` if it does not exist. A file with more than
/// `most_bytes`, or one that is not UTF-8, was not written by the queue and is
/// read as an empty text.
pub(crate) fn read_small(path: &Path, most_bytes: u64) -> Result<Option<String>, QueueError> {
    let failed = |error: io::Error| QueueError::new("read", path, error);
    let file = match platform::open_to_read(path, Duration::ZERO) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(failed)?,
    };
    let mut bytes = Vec::new();
    file.take(most_bytes + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > most_bytes {
        return Ok(Some(String::new()));
    }
    Ok(Some(String::from_utf8(bytes).unwrap_or_default()))
}

/// Removes a file, if it exists.
pub(crate) fn remove(path: &Path) -> Result<(), QueueError> {
    match platform::remove(path, IN_USE_WAIT) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(QueueError::new("remove", path, error))
        }
        _ => Ok(()),
    }
}

/// Removes a small file, and what a shipper that died left of the next one.
pub(crate) fn remove_replaced(path: &Path) -> Result<(), QueueError> {
    remove(path)?;
    remove_unfinished(path)
}

/// Removes what a shipper that died left of the next small file.
pub(crate) fn remove_unfinished(path: &Path) -> Result<(), QueueError> {
    remove(&unfinished(path))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_replaced_file_is_complete_whatever_was_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.progress");
        assert!(read_small(&path, 10).unwrap().is_none());
        fs::write(unfinished(&path), "left by a crash, longer than what comes").unwrap();
        replace(&path, "one").unwrap();
        assert_eq!(read_small(&path, 10).unwrap().as_deref(), Some("one"));
        assert_eq!(read_small(&path, 2).unwrap().as_deref(), Some(""), "too large says nothing");
        assert!(!unfinished(&path).exists());
        fs::write(&path, [0xff, 0xfe]).unwrap();
        assert_eq!(read_small(&path, 10).unwrap().as_deref(), Some(""));
        remove(&path).unwrap();
        remove(&path).unwrap();
    }

    #[test]
    fn a_folder_in_the_way_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.progress");
        fs::create_dir(&path).unwrap();
        assert!(read_small(&path, 10).is_err());
        assert!(replace(&path, "one").is_err());
        assert!(remove(&path).is_err());
    }
}
