//! Windows: the owner and the access list of a file, which are asked of the
//! file that was opened.

use std::fs::{File, Metadata, Permissions};
use std::io;
use std::path::Path;

use headcount_queue::{WhoElse, access_list_of};

use super::super::standing;
use super::super::whose::{Ownership, Writers};

/// Asks about an open file.
pub(in super::super) fn ownership(file: &File, _metadata: &Metadata) -> io::Result<Ownership> {
    let list = access_list_of(file)?;
    Ok(Ownership {
        writers: match list.writers {
            WhoElse::OwnerAlone => Writers::Owner,
            WhoElse::SomeOthers | WhoElse::Everybody => Writers::Group,
        },
        is_everybodys: list.writers == WhoElse::Everybody,
        is_of_another_user: list.is_of_another_user,
    })
}

/// A link that cannot be asked about may be anybody's.
pub(super) fn is_link_of_another_user(link: &Path, _metadata: &Metadata) -> bool {
    let list = standing::itself(link).and_then(|link| access_list_of(&link));
    list.map_or(true, |list| list.is_of_another_user)
}

/// A new version of a file keeps its mark as read-only. Its access list is that
/// of a new file.
pub(in super::super) fn owners_alone(metadata: &Metadata) -> Permissions {
    metadata.permissions()
}

/// How many names a file has.
pub(in super::super) fn names(path: &Path, _metadata: &Metadata) -> u64 {
    let standing = standing::itself(path).and_then(|file| standing::standing(&file));
    standing.map_or(1, |standing| standing.names)
}
