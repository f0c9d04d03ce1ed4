//! Whose a file is, and who may write to it: what others could have written is
//! not a yes.

use std::fs;

#[cfg(unix)]
use super::accounts;

/// Who may write to a file, besides administrators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writers {
    /// Its owner alone.
    Owner,
    /// Members of a group that is not the owner's own.
    Group,
}

#[cfg(unix)]
pub(super) fn writable_by_others(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o002 != 0
}

#[cfg(not(unix))]
pub(super) fn writable_by_others(_metadata: &fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
pub(super) fn writers(metadata: &fs::Metadata) -> Writers {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    let shared = metadata.permissions().mode() & 0o020 != 0
        && !accounts::is_private_group(metadata.gid(), metadata.uid());
    if shared { Writers::Group } else { Writers::Owner }
}

#[cfg(not(unix))]
pub(super) fn writers(_metadata: &fs::Metadata) -> Writers {
    Writers::Owner
}

/// The mode for a new version of a file: the same, but nobody else may write to
/// it, or what it says would not count.
#[cfg(unix)]
pub(super) fn owners_alone(metadata: &fs::Metadata) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;

    let others = match writers(metadata) {
        Writers::Owner => 0o002,
        Writers::Group => 0o022,
    };
    fs::Permissions::from_mode(metadata.permissions().mode() & !others)
}

#[cfg(not(unix))]
pub(super) fn owners_alone(metadata: &fs::Metadata) -> fs::Permissions {
    metadata.permissions()
}

/// A file of an administrator is trusted like the person's own.
#[cfg(unix)]
pub(super) fn is_of_another_user(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let owner = metadata.uid();
    owner != 0 && owner != crate::surroundings::effective_user()
}

#[cfg(not(unix))]
pub(super) fn is_of_another_user(_metadata: &fs::Metadata) -> bool {
    false
}
