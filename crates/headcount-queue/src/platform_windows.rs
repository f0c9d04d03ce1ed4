//! File operations on Windows: mandatory locks, share modes, reparse points.
//!
//! On Windows a shared lock keeps its own holder from writing, an exclusive
//! lock keeps everybody else from reading, and std does not return the identity
//! of a file. Share modes are enough instead: a writer opens its segment
//! *without* `FILE_SHARE_DELETE`, so Windows refuses to rename or remove the
//! file until the last writer has closed it, and refuses a writer while a
//! rename is in progress. A claim that was renamed is therefore sealed already,
//! and a writer never has to open again.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::os::windows::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use windows_sys::Win32::Foundation::{ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_FLAG_OPEN_REPARSE_POINT, FILE_SHARE_READ, FILE_SHARE_WRITE,
};

use crate::limits::TAIL_BYTES;
use crate::lock_retry::try_for;
use crate::locked_segment::{LockedSegment, NoSegment};
use crate::obstacle::Obstacle;
use crate::private_windows::{is_in_use, open_or_create_private};

pub(crate) use crate::private_windows::create_private_folder as create_folder;

/// Opens or creates a segment so that it cannot be renamed or removed until it
/// is closed; `None` if a rename was in progress until the wait was over.
pub(crate) fn lock_segment(
    path: &Path,
    wait: Duration,
    missing: NoSegment,
) -> io::Result<Option<LockedSegment>> {
    let mut options = OpenOptions::new();
    options.read(true).append(true);
    options.share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE);
    options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
    let open = || match missing {
        NoSegment::Create => open_or_create_private(&options, path),
        NoSegment::Refuse => options.open(path),
    };
    let Some(file) = try_for(wait, || open().map_err(held))? else {
        return Ok(None);
    };
    let metadata = file.metadata()?;
    check_regular(&metadata)?;
    Ok(Some(LockedSegment { file, bytes: metadata.len() }))
}

/// Closing the file is enough.
pub(crate) fn unlock(_file: &File) {}

/// Whether the byte at `offset` is a newline, or was removed with the rest of
/// the file.
pub(crate) fn ends_a_line(file: &File, offset: u64) -> io::Result<bool> {
    let mut byte = [0];
    Ok(file.seek_read(&mut byte, offset)? == 0 || byte == *b"\n")
}

/// Whether a line that was just appended, when the file had had `before` bytes,
/// is a line of its own.
///
/// It is looked for in the file. Windows does not document where the offset of
/// an append-only handle is after a write, and on a network share two appends
/// can even be written to one place.
pub(crate) fn stands_alone(file: &File, line: &[u8], before: u64) -> io::Result<bool> {
    // Nearly always it is where the file ended.
    let mut here = vec![0; line.len()];
    if file.seek_read(&mut here, before)? == line.len() && here == line {
        return Ok(true);
    }
    let size = file.metadata()?.len();
    // Somebody may have emptied the file meanwhile.
    let start = if size < before + line.len() as u64 { 0 } else { before };
    let mut tail = vec![0; (size - start).min(TAIL_BYTES) as usize];
    let mut filled = 0;
    while filled < tail.len() {
        match file.seek_read(&mut tail[filled..], start + filled as u64)? {
            0 => break,
            read => filled += read,
        }
    }
    let tail = &tail[..filled];
    let is_line = |at: usize| at == 0 || tail[at - 1] == b'\n';
    Ok(tail.windows(line.len()).enumerate().any(|(at, bytes)| bytes == line && is_line(at)))
}

/// Renames a segment as soon as no writer has it open.
pub(super) fn rename_in_use(from: &Path, to: &Path, wait: Duration) -> io::Result<()> {
    let renamed = try_for(wait, || fs::rename(from, to).map_err(held))?;
    renamed.ok_or_else(|| io::ErrorKind::WouldBlock.into())
}

/// Does nothing: the rename was the seal.
pub(crate) fn seal(_path: &Path, _wait: Duration) -> io::Result<()> {
    Ok(())
}

/// Changes bytes of a sealed claim where they are.
pub(crate) fn change_sealed(
    path: &Path,
    wait: Duration,
    change: impl FnOnce(&File) -> io::Result<()>,
) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
    let file = unless_in_use(wait, || options.open(path))?;
    check_regular(&file.metadata()?)?;
    change(&file)
}

/// Opens a file of the queue for reading. It may be renamed or removed
/// meanwhile. A virus scanner or a backup that has it open to itself is waited
/// for.
pub(crate) fn open_to_read(path: &Path, wait: Duration) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
    let file = unless_in_use(wait, || options.open(path))?;
    check_regular(&file.metadata()?)?;
    Ok(file)
}

/// Removes a file, as soon as nobody keeps it from that.
pub(crate) fn remove(path: &Path, wait: Duration) -> io::Result<()> {
    unless_in_use(wait, || fs::remove_file(path))
}

/// Tries until the wait is over, and returns the system's own error then.
fn unless_in_use<T>(wait: Duration, mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let done = try_for(wait, || act().map_err(held))?;
    done.ok_or_else(|| io::Error::from_raw_os_error(ERROR_SHARING_VIOLATION as i32))
}

/// Opens a file of the queue, empty, for writing. It is emptied only after it
/// is known not to be a link.
pub(crate) fn open_to_replace(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
    let file = open_or_create_private(&options, path)?;
    check_regular(&file.metadata()?)?;
    file.set_len(0)?;
    Ok(file)
}

/// Replaces a file by a finished one. A virus scanner or a reader that has the
/// old file open can prevent that for a moment.
pub(crate) fn rename_over(from: &Path, to: &Path, wait: Duration) -> io::Result<()> {
    let renamed = try_for(wait, || {
        fs::rename(from, to).map_err(|error| match error.raw_os_error() {
            Some(code) if code == ERROR_ACCESS_DENIED as i32 => TryLockError::WouldBlock,
            _ => held(error),
        })
    })?;
    renamed.ok_or_else(|| io::ErrorKind::PermissionDenied.into())
}

/// Opens the file of the ship lock so that it cannot be removed, and tries to
/// lock it.
pub(crate) fn try_ship_lock(path: &Path) -> Result<File, TryLockError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    options.share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE);
    options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
    let file = open_or_create_private(&options, path).map_err(held)?;
    let metadata = file.metadata().map_err(TryLockError::Error)?;
    check_regular(&metadata).map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}

/// Gives the lock up and removes its file. Windows refuses that if another
/// process that waited for the lock has opened the file already; then it
/// belongs to that process and stays.
pub(crate) fn remove_ship_lock(file: File, path: &Path) -> io::Result<()> {
    drop(file);
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION as i32) => Ok(()),
        removed => removed,
    }
}

/// Always `u64::MAX`: Windows has no such limit.
pub(crate) fn file_limit_bytes() -> u64 {
    u64::MAX
}

/// Whether another process has the ship lock. Takes a shared lock for a moment,
/// and creates nothing.
pub(crate) fn is_ship_locked(path: &Path) -> bool {
    let mut options = OpenOptions::new();
    // Its holder may remove it meanwhile.
    options.read(true);
    let Ok(file) = options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT).open(path) else {
        return false;
    };
    let held = matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    // An error means that the lock was not taken.
    let _ = file.unlock();
    held
}

fn held(error: io::Error) -> TryLockError {
    if is_in_use(&error) { TryLockError::WouldBlock } else { TryLockError::Error(error) }
}

/// A symbolic link or a junction is a link. Other reparse points are not, such
/// as a file that OneDrive keeps elsewhere.
pub(super) fn check_regular(metadata: &Metadata) -> io::Result<()> {
    let name = if metadata.is_symlink() {
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

/// Always `None`: Windows returns "access denied" for a folder, as for much
/// else.
pub(super) fn obstacle_of_code(_code: i32) -> Option<&'static str> {
    None
}
