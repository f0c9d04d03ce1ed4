//! File operations on Unix: advisory locks, modes, flags of `open`.
//!
//! A lock and a mode belong to the file, not to its name. Claiming renames the
//! file, waits until no writer holds the lock, and removes the write
//! permission, which is the seal. A writer that opened the file under its old
//! name sees the seal as soon as it has the lock.

use std::fs::{self, File, Metadata, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use crate::limits::REOPENS;
use crate::lock_retry::try_for;
use crate::locked_segment::{LockedSegment, NoSegment};
use crate::obstacle::Obstacle;

pub(crate) use crate::private_unix::create_private_folder as create_folder;

/// Do not follow a link, do not wait for the other end of a pipe, do not take
/// over a terminal. (std sets `O_CLOEXEC`.)
const FLAGS: libc::c_int = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY;

/// Do not update the access time, which would make an append take a quarter
/// longer. Only the owner of the file may ask for this.
#[cfg(any(target_os = "linux", target_os = "android"))]
const NO_ACCESS_TIME: libc::c_int = libc::O_NOATIME;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const NO_ACCESS_TIME: libc::c_int = 0;

/// For the owner only.
const FILE_MODE: u32 = 0o600;
/// A claim: for the owner only, and sealed.
const SEALED_MODE: u32 = 0o400;
/// The permission whose absence is the seal.
const OWNER_WRITES: u32 = 0o200;

/// Opens or creates a segment and takes the writers' lock; `None` if it was
/// locked, or claimed again and again, until the wait was over.
pub(crate) fn lock_segment(
    path: &Path,
    wait: Duration,
    missing: NoSegment,
) -> io::Result<Option<LockedSegment>> {
    try_for(wait, || enter(open_to_append(path, missing).map_err(TryLockError::Error)?))
}

/// Takes the writers' lock, and checks that the file is still a segment.
fn enter(file: File) -> Result<LockedSegment, TryLockError> {
    file.try_lock_shared()?;
    let metadata = file.metadata().map_err(TryLockError::Error)?;
    check_regular(&metadata).map_err(TryLockError::Error)?;
    // It was claimed or removed between `open` and lock, so the path leads to
    // another file.
    if is_sealed(&metadata) || metadata.nlink() == 0 {
        unlock(&file);
        return Err(TryLockError::WouldBlock);
    }
    Ok(LockedSegment { file, bytes: metadata.len() })
}

fn open_to_append(path: &Path, missing: NoSegment) -> io::Result<File> {
    // Reading is for the last byte, and because a shared lock over NFS needs
    // it.
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(missing == NoSegment::Create).mode(FILE_MODE);
    match options.custom_flags(FLAGS | NO_ACCESS_TIME).open(path) {
        Err(error) if NO_ACCESS_TIME != 0 && error.raw_os_error() == Some(libc::EPERM) => {
            options.custom_flags(FLAGS).open(path)
        }
        file => file,
    }
}

/// Gives the lock up. Closing would do that, too, but not while another thread
/// forks: the child has the same lock until it executes another program.
pub(crate) fn unlock(file: &File) {
    let _ = file.unlock();
}

/// Whether the byte at `offset` is a newline, or was removed with the rest of
/// the file.
pub(crate) fn ends_a_line(file: &File, offset: u64) -> io::Result<bool> {
    let mut byte = [0];
    Ok(file.read_at(&mut byte, offset)? == 0 || byte == *b"\n")
}

/// Whether a line that was just appended through this handle, when the file had
/// had `before` bytes, is a line of its own: the byte before it is a newline.
///
/// POSIX sets the offset to the end of the file before the write, and the write
/// advances it.
pub(crate) fn stands_alone(mut file: &File, line: &[u8], before: u64) -> io::Result<bool> {
    let bytes = line.len() as u64;
    let Ok(end) = io::Seek::stream_position(&mut file) else { return Ok(true) };
    if end <= before + bytes {
        return Ok(true);
    }
    ends_a_line(file, end - bytes - 1)
}

/// Renames a segment. Writers that have it open go on until it is sealed, so
/// this never waits.
pub(super) fn rename_in_use(from: &Path, to: &Path, _wait: Duration) -> io::Result<()> {
    fs::rename(from, to)
}

/// Makes sure that nobody appends to a claim any more.
pub(crate) fn seal(path: &Path, wait: Duration) -> io::Result<()> {
    if is_sealed(&fs::symlink_metadata(path)?) {
        return Ok(());
    }
    // Opened for writing because an exclusive lock over NFS needs it.
    let file = OpenOptions::new().read(true).append(true).custom_flags(FLAGS).open(path)?;
    if try_for(wait, || file.try_lock())?.is_none() {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    file.set_permissions(Permissions::from_mode(SEALED_MODE))?;
    let sealed = is_sealed(&file.metadata()?);
    unlock(&file);
    if sealed { Ok(()) } else { Err(io::ErrorKind::Unsupported.into()) }
}

/// Changes bytes of a sealed claim where they are. Nobody appends to it
/// meanwhile: a writer that has it open gets no lock, and then finds it sealed.
pub(crate) fn change_sealed(
    path: &Path,
    wait: Duration,
    change: impl FnOnce(&File) -> io::Result<()>,
) -> io::Result<()> {
    let held = open_to_read(path, wait)?;
    if try_for(wait, || held.try_lock())?.is_none() {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    held.set_permissions(Permissions::from_mode(FILE_MODE))?;
    let opened = OpenOptions::new().write(true).custom_flags(FLAGS).open(path);
    let changed = opened.and_then(|file| change(&file));
    let sealed = held.set_permissions(Permissions::from_mode(SEALED_MODE));
    unlock(&held);
    changed.and(sealed)
}

fn is_sealed(metadata: &Metadata) -> bool {
    metadata.mode() & OWNER_WRITES == 0
}

/// Opens a file of the queue for reading. Nobody can keep a file from that.
pub(crate) fn open_to_read(path: &Path, _wait: Duration) -> io::Result<File> {
    let file = OpenOptions::new().read(true).custom_flags(FLAGS).open(path)?;
    check_regular(&file.metadata()?)?;
    Ok(file)
}

/// Removes a file.
pub(crate) fn remove(path: &Path, _wait: Duration) -> io::Result<()> {
    fs::remove_file(path)
}

/// Opens a file of the queue, empty, for writing.
pub(crate) fn open_to_replace(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(FILE_MODE).custom_flags(FLAGS);
    let file = options.open(path)?;
    check_regular(&file.metadata()?)?;
    Ok(file)
}

/// Replaces a file by a finished one.
pub(crate) fn rename_over(from: &Path, to: &Path, _wait: Duration) -> io::Result<()> {
    fs::rename(from, to)
}

/// Opens the file of the ship lock and tries to lock it.
pub(crate) fn try_ship_lock(path: &Path) -> Result<File, TryLockError> {
    for _ in 0..REOPENS {
        if let Some(owned) = own(open_to_own(path).map_err(TryLockError::Error)?)? {
            return Ok(owned);
        }
    }
    Err(TryLockError::WouldBlock)
}

fn open_to_own(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options.mode(FILE_MODE).custom_flags(FLAGS).open(path)
}

/// Locks the file of the ship lock; `None` if it was removed between `open` and
/// lock, since its lock would then exclude nobody.
fn own(file: File) -> Result<Option<File>, TryLockError> {
    file.try_lock()?;
    let metadata = file.metadata().map_err(TryLockError::Error)?;
    check_regular(&metadata).map_err(TryLockError::Error)?;
    if metadata.nlink() > 0 {
        return Ok(Some(file));
    }
    unlock(&file);
    Ok(None)
}

/// Removes the file of the ship lock and gives the lock up. If the path leads
/// to another file, ours was removed already, and the other one stays.
pub(crate) fn remove_ship_lock(file: File, path: &Path) -> io::Result<()> {
    let own = file.metadata()?;
    let removed = match fs::symlink_metadata(path) {
        Ok(there) if (there.dev(), there.ino()) == (own.dev(), own.ino()) => fs::remove_file(path),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    unlock(&file);
    drop(file);
    removed
}

/// Whether another process has the ship lock. Takes a shared lock for a moment,
/// and creates nothing.
pub(crate) fn is_ship_locked(path: &Path) -> bool {
    let Ok(file) = OpenOptions::new().read(true).custom_flags(FLAGS).open(path) else {
        return false;
    };
    let held = matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    unlock(&file);
    held
}

/// Returns the limit on the size of files that this process writes
/// (`ulimit -f`); `u64::MAX` if there is none. The system kills a process that
/// writes beyond it.
pub(crate) fn file_limit_bytes() -> u64 {
    let mut limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: the pointer is valid for writes of an `rlimit` during the call.
    #[expect(unsafe_code, reason = "std has no function for it")]
    let result = unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &raw mut limit) };
    let is_limited = result == 0 && limit.rlim_cur != libc::RLIM_INFINITY;
    if is_limited { to_u64(limit.rlim_cur) } else { u64::MAX }
}

/// The type of a limit has another width or sign on some systems.
fn to_u64<T: TryInto<u64>>(value: T) -> u64 {
    value.try_into().unwrap_or(u64::MAX)
}

pub(super) fn check_regular(metadata: &Metadata) -> io::Result<()> {
    let kind = metadata.file_type();
    let name = if kind.is_file() {
        return Ok(());
    } else if kind.is_dir() {
        "a folder"
    } else if kind.is_symlink() {
        "a symbolic link"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    };
    Err(io::Error::other(Obstacle(name)))
}

/// Returns what is at the path, if an error code of `open` says so.
pub(super) fn obstacle_of_code(code: i32) -> Option<&'static str> {
    match code {
        libc::EISDIR => Some("a folder"),
        // FreeBSD returns EMLINK where the others return ELOOP.
        libc::ELOOP | libc::EMLINK => Some("a symbolic link"),
        libc::ENXIO => Some("a socket or a device"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// A segment with one line, and its name as a claim.
    fn segment() -> (tempfile::TempDir, std::path::PathBuf, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        fs::write(&path, "one\n").unwrap();
        let claim = folder.path().join("claim");
        (folder, path, claim)
    }

    #[test]
    fn a_writer_that_locks_before_the_seal_is_waited_for() {
        let (_folder, path, claim) = segment();
        let before_the_rename = enter(open_to_append(&path, NoSegment::Create).unwrap()).unwrap();
        let opened = open_to_append(&path, NoSegment::Create).unwrap();
        fs::rename(&path, &claim).unwrap();
        let after_the_rename = enter(opened).unwrap();
        for mut writer in [before_the_rename, after_the_rename] {
            let held = seal(&claim, Duration::ZERO).unwrap_err();
            assert_eq!(held.kind(), io::ErrorKind::WouldBlock);
            writer.file.write_all(b"more\n").unwrap();
            unlock(&writer.file);
        }
        seal(&claim, Duration::ZERO).unwrap();
        seal(&claim, Duration::ZERO).unwrap();
        assert_eq!(fs::read_to_string(&claim).unwrap(), "one\nmore\nmore\n");
    }

    #[test]
    fn a_writer_that_locks_after_the_seal_or_the_removal_opens_again() {
        let (_folder, path, claim) = segment();
        let (slow, slower) = (
            open_to_append(&path, NoSegment::Create).unwrap(),
            open_to_append(&path, NoSegment::Create).unwrap(),
        );
        fs::rename(&path, &claim).unwrap();
        seal(&claim, Duration::ZERO).unwrap();
        assert!(matches!(enter(slow), Err(TryLockError::WouldBlock)));
        let anew = lock_segment(&path, Duration::ZERO, NoSegment::Create).unwrap().unwrap();
        assert_eq!(anew.bytes, 0, "the path leads to a new segment");
        // Removed without a seal, as by `clear`.
        let cleared = open_to_append(&path, NoSegment::Create).unwrap();
        fs::remove_file(&path).unwrap();
        fs::remove_file(&claim).unwrap();
        for file in [slower, cleared] {
            assert!(matches!(enter(file), Err(TryLockError::WouldBlock)));
        }
    }

    #[test]
    fn one_process_has_the_ship_lock() {
        let (_folder, path, _) = segment();
        let owned = try_ship_lock(&path).unwrap();
        assert!(matches!(try_ship_lock(&path), Err(TryLockError::WouldBlock)));
        unlock(&owned);
        try_ship_lock(&path).unwrap();
    }

    #[test]
    fn a_ship_lock_whose_file_is_removed_is_not_taken() {
        let (_folder, path, _) = segment();
        let owned = try_ship_lock(&path).unwrap();
        let (early, late) = (open_to_own(&path).unwrap(), open_to_own(&path).unwrap());
        assert!(matches!(own(early), Err(TryLockError::WouldBlock)));
        remove_ship_lock(owned, &path).unwrap();
        assert!(own(late).unwrap().is_none());
        let anew = try_ship_lock(&path).unwrap();
        assert!(matches!(try_ship_lock(&path), Err(TryLockError::WouldBlock)));
        remove_ship_lock(anew, &path).unwrap();
        assert!(!path.exists());
    }
}
