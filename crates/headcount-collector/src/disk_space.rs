//! How much room the disk of a folder has.

use std::path::Path;

/// The room on a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DiskSpace {
    /// Bytes that this user may still write.
    pub(crate) free: u64,
    /// Bytes of the whole disk.
    pub(crate) size: u64,
}

impl DiskSpace {
    /// Asks the system; `None` where it does not say.
    #[cfg(unix)]
    pub(crate) fn of(folder: &Path) -> Option<Self> {
        use std::ffi::CString;
        use std::mem::MaybeUninit;
        use std::os::unix::ffi::OsStrExt as _;

        let path = CString::new(folder.as_os_str().as_bytes()).ok()?;
        let mut answer = MaybeUninit::<libc::statvfs>::uninit();
        // SAFETY: `path` ends with a zero byte and lives until the call
        // returns; `answer` is as large as the system's structure, which it
        // writes to and does not keep.
        #[expect(unsafe_code, reason = "std has no way to ask for the room on a disk")]
        let asked = unsafe { libc::statvfs(path.as_ptr(), answer.as_mut_ptr()) };
        if asked != 0 {
            return None;
        }
        // SAFETY: the call has succeeded, so it has filled the structure.
        #[expect(unsafe_code, reason = "std has no way to ask for the room on a disk")]
        let answer = unsafe { answer.assume_init() };
        // The fields are of 32 or 64 bits, by system.
        #[expect(clippy::useless_conversion, reason = "it is one where the field has 64 bits")]
        let (free, size, block) =
            (u64::from(answer.f_bavail), u64::from(answer.f_blocks), u64::from(answer.f_frsize));
        Some(Self { free: free.saturating_mul(block), size: size.saturating_mul(block) })
    }

    #[cfg(not(unix))]
    pub(crate) fn of(_folder: &Path) -> Option<Self> {
        None
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_a_disk_and_no_folder_has_none() {
        let home = headcount_testkit::Home::new();
        let space = DiskSpace::of(home.path()).unwrap();
        assert!(space.free <= space.size && space.size > 0, "{space:?}");
        assert_eq!(DiskSpace::of(&home.path().join("nowhere")), None);
    }
}
