//! What this library itself wants of the system, without the functions that it
//! stands before.
#![expect(unsafe_code, reason = "std would call the functions that this library stands before")]

use std::ffi::{CString, c_int};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The longest path that is looked at; a longer one is not below our folder.
const PATH_BYTES: usize = libc::PATH_MAX as usize;

/// Appends a line to a file, which is created.
pub(crate) fn append(path: &Path, line: &[u8]) {
    let Ok(path) = CString::new(path.as_os_str().as_bytes()) else { return };
    let flags = libc::O_WRONLY | libc::O_APPEND | libc::O_CREAT | libc::O_CLOEXEC;
    // SAFETY: `path` is a C string and `line` a slice, and both outlive the
    // calls. The descriptor is closed once, here.
    unsafe {
        let error = *libc::__errno_location();
        let file = libc::syscall(libc::SYS_openat, libc::AT_FDCWD, path.as_ptr(), flags, 0o600);
        if file >= 0 {
            libc::syscall(libc::SYS_write, file, line.as_ptr(), line.len());
            libc::syscall(libc::SYS_close, file);
        }
        *libc::__errno_location() = error;
    }
}

/// The path of an open file.
pub(crate) fn path_of(file: c_int) -> Option<Vec<u8>> {
    let link = CString::new(format!("/proc/self/fd/{file}")).ok()?;
    let mut path = vec![0_u8; PATH_BYTES];
    // SAFETY: `link` is a C string, and the system writes at most as many bytes
    // as `path` has.
    let bytes = unsafe {
        let error = *libc::__errno_location();
        let bytes = libc::readlink(link.as_ptr(), path.as_mut_ptr().cast(), path.len());
        *libc::__errno_location() = error;
        bytes
    };
    path.truncate(usize::try_from(bytes).ok()?);
    Some(path)
}

/// Sets the error of this thread's last call.
pub(crate) fn set_error(error: c_int) {
    // SAFETY: the C library's own pointer to this thread's error.
    unsafe { *libc::__errno_location() = error };
}
