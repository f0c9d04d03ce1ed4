//! Starting a process where `posix_spawn` cannot close what it would inherit,
//! or does not exist: by a fork, with the descriptors marked in the child.

use std::io;
use std::os::fd::{OwnedFd, RawFd};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use crate::ship::process::launch::Launch;

/// No system has more kinds of signals.
const SIGNALS: libc::c_int = 128;

/// Starts a process with `input` as its standard input and `nothing` as both
/// outputs. It has none of the descriptors in `inherited`.
///
/// # Errors
///
/// Returns the system's error, or one about a zero byte in an argument.
pub(super) fn spawn(
    launch: &Launch,
    input: &OwnedFd,
    nothing: &OwnedFd,
    inherited: &[RawFd],
) -> io::Result<libc::pid_t> {
    let Launch { file, name, arguments, environment, folder } = launch;
    let mut command = Command::new(file);
    command.arg0(name).args(arguments).current_dir(folder);
    command.env_clear().envs(environment.iter().map(|(name, value)| (name, value)));
    command.stdin(input.try_clone()?).stdout(nothing.try_clone()?).stderr(nothing.try_clone()?);
    command.process_group(0);
    let inherited = inherited.to_vec();
    let mark = move || {
        // As in `spawn_posix`: SIGXFSZ alone stays as it is.
        for signal in (1..=SIGNALS).filter(|signal| *signal != libc::SIGXFSZ) {
            // SAFETY: no function of this process is to be called. A number
            // that is not a signal, or cannot be changed, is an error.
            #[expect(unsafe_code, reason = "std has no way to choose what a signal does")]
            let _ = unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
        for number in &inherited {
            // SAFETY: F_SETFD takes no pointer, and the flag is set in the
            // child only.
            #[expect(unsafe_code, reason = "std has no way to mark a descriptor")]
            let _ = unsafe { libc::fcntl(*number, libc::F_SETFD, libc::FD_CLOEXEC) };
        }
        Ok(())
    };
    // SAFETY: between fork and exec the closure only calls fcntl(2) and
    // signal(3), which are safe after a fork; it neither allocates nor takes a
    // lock.
    #[expect(unsafe_code, reason = "std has no way to mark a descriptor in the child")]
    unsafe {
        command.pre_exec(mark);
    }
    Ok(command.spawn()?.id().cast_signed())
}
