//! The room that selects the system's file: locks, share modes and links differ, the protocol not.
//!
//! Where somebody holds what is wanted until the wait is over, the error's kind is `WouldBlock`.

#[cfg(unix)]
#[path = "platform_unix.rs"]
mod system;
#[cfg(windows)]
#[path = "platform_windows.rs"]
mod system;

pub(crate) use system::{
    byte_at, create_folder, end_of_append, file_limit_bytes, is_owned, let_go, open_to_read,
    open_to_replace, reach, remove_owned, rename_over, seal, take, try_own,
};

use std::fmt;
use std::fs::File;
use std::io;

/// A segment that this process may append to until it lets it go: whoever claims it meanwhile
/// reads what is appended.
pub(crate) struct Reached {
    pub(crate) file: File,
    /// Its bytes when it was reached; other writers may add to them.
    pub(crate) bytes: u64,
}

/// What stands where a regular file should, carried by an [`io::Error`].
#[derive(Debug)]
struct InTheWay(&'static str);

impl fmt::Display for InTheWay {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

impl std::error::Error for InTheWay {}

/// What an error says stands where a regular file should.
pub(crate) fn kind_in_the_way(error: &io::Error) -> Option<&'static str> {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<InTheWay>()) {
        Some(found) => Some(found.0),
        None => system::kind_of_code(error.raw_os_error()?),
    }
}
