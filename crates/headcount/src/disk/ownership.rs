//! Whose a file is, and who may write to it: what others could have written is
//! not a yes.

#[cfg(unix)]
#[path = "ownership_unix.rs"]
mod system;
#[cfg(windows)]
#[path = "ownership_windows.rs"]
mod system;

use std::fs::Metadata;
use std::path::Path;

use super::error::Cause;

pub(crate) use super::whose::Writers;
pub(super) use system::{names, owners_alone, ownership};

/// Returns an error if another user made the link at a path: it could point to
/// any file that says yes.
pub(super) fn check_link(link: &Path, metadata: &Metadata) -> Result<(), Cause> {
    if system::is_link_of_another_user(link, metadata) {
        return Err(Cause::NotOurs("a link made by another user"));
    }
    Ok(())
}
