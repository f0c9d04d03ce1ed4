//! Starts a process that outlives its parent. The platform files do the work.

#[cfg(unix)]
#[path = "detached_unix.rs"]
mod system;
#[cfg(windows)]
#[path = "detached_windows.rs"]
mod system;

use std::io;
use std::path::{Path, PathBuf};

use super::launch::Launch;

/// Starts a process with `input` on its standard input, and does not wait for
/// it.
///
/// # Errors
///
/// Returns an error if the process cannot be started, or if `input` is longer
/// than a pipe certainly holds.
pub(super) fn start(launch: &Launch, input: &[u8]) -> io::Result<()> {
    system::start(launch, input)
}

/// The folder that a shipper runs in, if this one is wanted: it must not keep
/// the person from removing or unmounting a folder.
pub(super) fn folder(wanted: Option<&Path>) -> PathBuf {
    system::folder(wanted)
}

/// Lets go of everything that this process may have inherited: descriptors
/// besides the standard streams, and the working directory. Call it at the
/// start of a process that only ships.
pub(crate) fn let_go(home: Option<&Path>) {
    system::close_inherited();
    // Not every system can start a process in another folder.
    let _ = std::env::set_current_dir(folder(home));
}
