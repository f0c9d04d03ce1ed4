//! Whose turn it is to append to a segment on Windows.
//!
//! NTFS keeps two appends apart by itself. On a network share, and in Wine, the
//! end of the file is looked up before the write, and two appends can be
//! written to one place. So a writer locks one byte, far behind the end of any
//! segment, where the lock keeps nobody from reading or writing. The lock goes
//! with the handle, also if the process is killed.

use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle as _;

use windows_sys::Win32::Foundation::{ERROR_IO_PENDING, ERROR_LOCK_VIOLATION};
use windows_sys::Win32::Storage::FileSystem::{
    LOCKFILE_EXCLUSIVE_LOCK, LOCKFILE_FAIL_IMMEDIATELY, LockFileEx, UnlockFileEx,
};
use windows_sys::Win32::System::IO::{OVERLAPPED, OVERLAPPED_0, OVERLAPPED_0_0};

/// The upper half of the byte's offset: 2^62 bytes.
const UPPER: u32 = 1 << 30;

/// Whether this handle has the turn now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Ours,
    /// Another writer has it.
    Others,
    /// The file system has no such locks.
    Unknown,
}

/// Takes the turn, if nobody has it.
pub(crate) fn take(file: &File) -> Turn {
    let mut place = place();
    // SAFETY: the handle is open while `file` is borrowed. It was not opened
    // for overlapped operations, so the call has ended when it returns, and
    // `place`, which says where the byte is, outlives it.
    #[expect(unsafe_code, reason = "std locks whole files only")]
    let done = unsafe {
        let flags = LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY;
        LockFileEx(file.as_raw_handle(), flags, 0, 1, 0, &raw mut place)
    };
    if done != 0 {
        return Turn::Ours;
    }
    let code = io::Error::last_os_error().raw_os_error().and_then(|it| u32::try_from(it).ok());
    match code {
        Some(ERROR_LOCK_VIOLATION | ERROR_IO_PENDING) => Turn::Others,
        _ => Turn::Unknown,
    }
}

/// Gives the turn up. Without it, nothing happens.
pub(crate) fn give_up(file: &File) {
    let mut place = place();
    // SAFETY: as in `take`.
    #[expect(unsafe_code, reason = "std locks whole files only")]
    unsafe {
        UnlockFileEx(file.as_raw_handle(), 0, 1, 0, &raw mut place);
    }
}

fn place() -> OVERLAPPED {
    let offset = OVERLAPPED_0_0 { Offset: 0, OffsetHigh: UPPER };
    OVERLAPPED { Anonymous: OVERLAPPED_0 { Anonymous: offset }, ..OVERLAPPED::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_handle_has_the_turn_and_nobody_is_kept_from_reading_and_writing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        std::fs::write(&path, "line\n").unwrap();
        let open = || File::options().read(true).append(true).open(&path).unwrap();
        let (one, other) = (open(), open());
        assert_eq!((take(&one), take(&other)), (Turn::Ours, Turn::Others));
        io::Write::write_all(&mut &other, b"more\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "line\nmore\n");
        give_up(&one);
        assert_eq!(take(&other), Turn::Ours);
        drop(other);
        assert_eq!(take(&one), Turn::Ours);
    }
}
