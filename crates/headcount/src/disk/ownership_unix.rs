//! Unix: the owner and the mode of a file.

use std::fs::{File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use super::super::accounts;
use super::super::whose::{Ownership, Writers};

/// Asks about an open file.
pub(in super::super) fn ownership(_file: &File, metadata: &Metadata) -> io::Result<Ownership> {
    Ok(Ownership {
        writers: writers(metadata),
        is_everybodys: metadata.mode() & 0o002 != 0,
        is_of_another_user: is_of_another_user(metadata),
    })
}

fn writers(metadata: &Metadata) -> Writers {
    let shared =
        metadata.mode() & 0o020 != 0 && !accounts::is_private_group(metadata.gid(), metadata.uid());
    if shared { Writers::Group } else { Writers::Owner }
}

fn is_of_another_user(metadata: &Metadata) -> bool {
    let owner = metadata.uid();
    owner != 0 && owner != crate::surroundings::effective_user()
}

/// Whether a link is neither the person's nor an administrator's.
pub(super) fn is_link_of_another_user(_link: &Path, metadata: &Metadata) -> bool {
    is_of_another_user(metadata)
}

/// The mode for a new version of a file: the same, but nobody else may write to
/// it, or what it says would not count.
pub(in super::super) fn owners_alone(metadata: &Metadata) -> Permissions {
    let others = match writers(metadata) {
        Writers::Owner => 0o002,
        Writers::Group => 0o022,
    };
    Permissions::from_mode(metadata.permissions().mode() & !others)
}

/// How many names a file has.
pub(in super::super) fn names(_path: &Path, metadata: &Metadata) -> u64 {
    metadata.nlink()
}
