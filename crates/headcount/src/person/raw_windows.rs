//! The Windows console needs no raw mode to read single keys. Keys typed before
//! the question are not dropped there.

use std::io;

/// The console, unchanged.
pub(super) struct Raw;

impl Raw {
    /// Does nothing.
    ///
    /// # Errors
    ///
    /// Never returns an error.
    #[expect(clippy::unnecessary_wraps, reason = "the other platforms' form")]
    pub(super) fn enter() -> io::Result<Self> {
        Ok(Self)
    }
}
