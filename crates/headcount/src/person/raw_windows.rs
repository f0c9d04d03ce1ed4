//! A console of Windows hands keys over one by one to whoever reads them so;
//! what was typed before is not thrown away there.

use std::io;

/// The console as it is.
pub(super) struct Raw;

impl Raw {
    /// Nothing to do.
    ///
    /// # Errors
    ///
    /// None.
    #[expect(clippy::unnecessary_wraps, reason = "the other platforms' form")]
    pub(super) fn enter() -> io::Result<Self> {
        Ok(Self)
    }
}
