//! Starting a process that outlives its parent, on Windows.

use std::io;
use std::os::windows::process::CommandExt as _;
use std::process::{Command, Stdio};

/// `CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP`: no console flashes up, and
/// Ctrl-C in the parent's console does not reach it.
const FLAGS: u32 = 0x0800_0000 | 0x0000_0200;

/// Starts it and does not look back.
///
/// # Errors
///
/// What the system says.
pub(super) fn start(command: &mut Command) -> io::Result<()> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .creation_flags(FLAGS)
        .spawn()
        .map(drop)
}
