//! Starting a process that outlives its parent, on Unix.
//!
//! `process_group(0)` keeps it from the terminal's signals and leaves std on
//! its `posix_spawn` path, which costs the same whatever the host's size; a
//! `setsid` in `pre_exec` would force a fork of the whole host.

use std::fs;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use super::handed;

/// What was started and has not been seen to end. A zombie belongs to the
/// process, whoever started it, and so does this list.
static STARTED: Mutex<Vec<Child>> = Mutex::new(Vec::new());

/// Starts it, with these bytes on its standard input, and does not wait for it.
/// What was started before and has ended is taken off the system's list, so
/// that a host that stays never has more than one such entry.
///
/// # Errors
///
/// What the system says.
pub(super) fn start(command: &mut Command, input: &[u8]) -> io::Result<()> {
    let input = match input {
        [] => Stdio::null(),
        input => Stdio::from(handed(input)?),
    };
    command.stdin(input).stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.process_group(0).spawn()?;
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    started.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
    started.push(child);
    Ok(())
}

/// Closes what this process inherited besides its standard streams. A harness
/// that captures the host's output would otherwise wait for the shipper, which
/// holds the harness's pipes open without knowing of them.
pub(super) fn close_inherited() {
    let folder = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
    let Ok(entries) = fs::read_dir(folder) else { return };
    let numbers: Vec<libc::c_int> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|number| *number > libc::STDERR_FILENO)
        .collect();
    for number in numbers {
        if is_inherited(number) {
            close(number);
        }
    }
}

/// What came through `exec` cannot be marked to be closed there, and what std
/// opens always is; so nothing that a value of this process owns is taken for
/// inherited.
fn is_inherited(number: libc::c_int) -> bool {
    // SAFETY: F_GETFD takes no pointer and changes nothing; for a number that
    // is no descriptor it returns -1.
    #[expect(unsafe_code, reason = "std has no way to ask for a descriptor's flags")]
    let flags = unsafe { libc::fcntl(number, libc::F_GETFD) };
    flags >= 0 && flags & libc::FD_CLOEXEC == 0
}

fn close(number: libc::c_int) {
    // SAFETY: closing takes no pointer. No value of this process owns the
    // descriptor: all that std made are marked to be closed at `exec`, and
    // `is_inherited` saw that this one is not, so it came through `exec`, before
    // any value of this process was made. Called at the start of a process whose
    // only business is to ship.
    #[expect(unsafe_code, reason = "std closes only what it owns")]
    let _ = unsafe { libc::close(number) };
}
