//! Starts a process that outlives its parent. The platform files do the work.

#[cfg(unix)]
#[path = "detached_unix.rs"]
mod system;
#[cfg(windows)]
#[path = "detached_windows.rs"]
mod system;

use std::io;
use std::process::Command;

/// Starts a command with `input` on its standard input, and does not wait for
/// it.
///
/// # Errors
///
/// Returns an error if the process cannot be started, or if `input` is longer
/// than a pipe certainly holds.
pub(super) fn start(command: &mut Command, input: &[u8]) -> io::Result<()> {
    system::start(command, input)
}

/// Closes what this process inherited besides its standard streams. Call it at
/// the start of a process that only ships.
pub(super) fn close_inherited() {
    system::close_inherited();
}
