//! The three calls that the standard library has no function for.
#![expect(unsafe_code, reason = "std has no functions for these calls")]

use std::io;

/// From now on, a process whose parent has ended belongs to this one, so that
/// a detached shipper can be waited for.
pub(crate) fn adopt_orphans() -> io::Result<()> {
    // SAFETY: this option takes a number and no pointer.
    match unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Waits until this process has no child.
pub(crate) fn wait_for_all() {
    loop {
        let mut status = 0;
        // SAFETY: the pointer is valid for a write during the call.
        let ended = unsafe { libc::waitpid(-1, &raw mut status, 0) };
        if ended < 0 && io::Error::last_os_error().raw_os_error() != Some(libc::EINTR) {
            return;
        }
    }
}

/// Ends a child of ours that takes too long.
pub(crate) fn kill(process: u32) {
    if let Ok(process) = libc::pid_t::try_from(process) {
        // SAFETY: it takes numbers and no pointer.
        unsafe { libc::kill(process, libc::SIGKILL) };
    }
}
