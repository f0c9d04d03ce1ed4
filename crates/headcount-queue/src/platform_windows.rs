//! The room of what Windows does in its own way: mandatory locks, share modes, reparse points.
//!
//! There a shared lock would stop even its own holder from writing and an exclusive one everybody
//! else from reading, and std does not tell a file's identity. Share modes give the same promise
//! with less: a writer opens its segment *without* `FILE_SHARE_DELETE`, so Windows refuses to
//! rename or remove the file until the last writer has closed it, and refuses a writer while a
//! rename is under way. A claim that was renamed is therefore sealed already: there is nothing for a
//! writer to notice, and nothing to open again.

use crate::lock_retry::try_for;
use crate::locked_segment::LockedSegment;
use crate::obstacle::Obstacle;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::os::windows::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

/// From winnt.h and winbase.h.
const FILE_SHARE_READ: u32 = 0x1;
const FILE_SHARE_WRITE: u32 = 0x2;
const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
const FILE_ATTRIBUTE_REPARSE_POINT: u32 = 0x400;
/// From winerror.h: somebody has the file open in a way that excludes what was asked for.
const ERROR_SHARING_VIOLATION: i32 = 32;
const ERROR_ACCESS_DENIED: i32 = 5;

/// Makes a folder and its parents; below a person's own folders they are that person's by
/// inheritance. One that exists is left as it is.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Opens (or makes) a segment so that it cannot be renamed or removed until it is closed; `None` if
/// a rename was under way until the wait was over.
pub(crate) fn lock_segment(path: &Path, wait: Duration) -> io::Result<Option<LockedSegment>> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    options.share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE);
    options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
    let Some(file) = try_for(wait, || options.open(path).map_err(held))? else {
        return Ok(None);
    };
    let metadata = file.metadata()?;
    check_regular(&metadata)?;
    Ok(Some(LockedSegment { file, bytes: metadata.len() }))
}

/// Closing is letting go.
pub(crate) fn unlock(_file: &File) {}

/// The byte at a place, for the check of a segment's tail.
pub(crate) fn byte_at(file: &File, offset: u64) -> io::Result<u8> {
    let mut byte = [0];
    match file.seek_read(&mut byte, offset)? {
        1 => Ok(byte[0]),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Not asked: whether the offset of an append-only handle follows its write is not documented.
pub(crate) fn end_of_append(_file: &File) -> Option<u64> {
    None
}

/// Renames a segment as soon as no writer has it open.
pub(super) fn rename_in_use(from: &Path, to: &Path, wait: Duration) -> io::Result<()> {
    let renamed = try_for(wait, || fs::rename(from, to).map_err(held))?;
    renamed.ok_or_else(|| io::ErrorKind::WouldBlock.into())
}

/// The rename was the seal.
pub(crate) fn seal(_path: &Path, _wait: Duration) -> io::Result<()> {
    Ok(())
}

/// Opens a file of ours to read it; it may be renamed or removed meanwhile.
pub(crate) fn open_to_read(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file = options.read(true).custom_flags(FILE_FLAG_OPEN_REPARSE_POINT).open(path)?;
    check_regular(&file.metadata()?)?;
    Ok(file)
}

/// Opens a file of ours to write it anew. It is emptied only when it is known to be no link.
pub(crate) fn open_to_replace(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    let file = options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT).open(path)?;
    check_regular(&file.metadata()?)?;
    file.set_len(0)?;
    Ok(file)
}

/// Puts a finished file in the place of the one before it. A scanner or a reader that has that one
/// open can stand in the way for a moment.
pub(crate) fn rename_over(from: &Path, to: &Path, wait: Duration) -> io::Result<()> {
    let renamed = try_for(wait, || {
        fs::rename(from, to).map_err(|error| match error.raw_os_error() {
            Some(ERROR_ACCESS_DENIED) => TryLockError::WouldBlock,
            _ => held(error),
        })
    })?;
    renamed.ok_or_else(|| io::ErrorKind::PermissionDenied.into())
}

/// Opens the ship lock's file so that it cannot be removed, and tries its lock.
pub(crate) fn try_ship_lock(path: &Path) -> Result<File, TryLockError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options.share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE);
    options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
    let file = options.open(path).map_err(held)?;
    let metadata = file.metadata().map_err(TryLockError::Error)?;
    check_regular(&metadata).map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}

/// Gives the lock back and removes its file. Nobody can remove it while anybody has it open: where
/// somebody who waited for it was faster, it is that one's and stays.
pub(crate) fn remove_ship_lock(file: File, path: &Path) -> io::Result<()> {
    drop(file);
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => Ok(()),
        removed => removed,
    }
}

/// There is no limit of a process on the size of its files.
pub(crate) fn file_limit_bytes() -> u64 {
    u64::MAX
}

/// Whether somebody has the ship lock. The look takes a shared one for a moment and makes nothing.
pub(crate) fn is_ship_locked(path: &Path) -> bool {
    let mut options = OpenOptions::new();
    options.read(true).share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE);
    let Ok(file) = options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT).open(path) else {
        return false;
    };
    let held = matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    // An error means that there was nothing to give back.
    let _ = file.unlock();
    held
}

fn held(error: io::Error) -> TryLockError {
    match error.raw_os_error() {
        Some(ERROR_SHARING_VIOLATION) => TryLockError::WouldBlock,
        _ => TryLockError::Error(error),
    }
}

pub(super) fn check_regular(metadata: &Metadata) -> io::Result<()> {
    let name = if metadata.file_attributes() & FILE_ATTRIBUTE_REPARSE_POINT != 0 {
        "a link"
    } else if metadata.is_dir() {
        "a folder"
    } else if metadata.is_file() {
        return Ok(());
    } else {
        "a device"
    };
    Err(io::Error::other(Obstacle(name)))
}

/// No code says it plainly: opening a folder is "access denied" like much else.
pub(super) fn obstacle_of_code(_code: i32) -> Option<&'static str> {
    None
}
