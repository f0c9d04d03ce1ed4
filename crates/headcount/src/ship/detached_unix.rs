//! Starting a process that outlives its parent, on Unix.
//!
//! `process_group(0)` keeps it from the terminal's signals and leaves std on
//! its `posix_spawn` path, which costs the same whatever the host's size; a
//! `setsid` in `pre_exec` would force a fork of the whole host.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

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
        .process_group(0)
        .spawn()
        .map(drop)
}
