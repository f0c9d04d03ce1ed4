//! A process that outlives the one that starts it: the room that selects the
//! system's file.

#[cfg(unix)]
#[path = "detached_unix.rs"]
mod system;
#[cfg(windows)]
#[path = "detached_windows.rs"]
mod system;

use std::io::{self, PipeReader, Write as _};
use std::process::Command;

use crate::limits;

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

/// A pipe that has these bytes in it already: nobody waits for a reader, and
/// one that ends early breaks no pipe.
fn handed(input: &[u8]) -> io::Result<PipeReader> {
    if input.len() > limits::HANDED_BYTES {
        return Err(io::Error::other("that is more than a pipe surely holds"));
    }
    let (reader, mut writer) = io::pipe()?;
    writer.write_all(input)?;
    Ok(reader)
}
