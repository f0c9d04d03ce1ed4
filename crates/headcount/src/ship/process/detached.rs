//! A process that outlives the one that starts it: the room that selects the
//! system's file.

#[cfg(unix)]
#[path = "detached_unix.rs"]
mod system;
#[cfg(windows)]
#[path = "detached_windows.rs"]
mod system;

use std::io;
use std::process::Command;

/// Starts it, with these bytes on its standard input, and does not wait for it.
///
/// # Errors
///
/// What the system says, or that these are more bytes than a pipe surely holds.
pub(super) fn start(command: &mut Command, input: &[u8]) -> io::Result<()> {
    system::start(command, input)
}

/// Lets go of what this process inherited besides its standard streams; at its
/// start, and only where shipping is all it does.
pub(super) fn close_inherited() {
    system::close_inherited();
}
