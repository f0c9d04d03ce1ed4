//! How files are opened and created on Windows.
//!
//! A new file or folder is the person's alone: in a profile by what the folder
//! hands down, elsewhere by an access list of its own. A link is opened itself,
//! not what it leads to. Symbolic links and junctions are links; other reparse
//! points, such as a file that OneDrive keeps elsewhere, are not.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_REPARSE_POINT, FILE_FLAG_OPEN_REPARSE_POINT,
};

use super::error::Cause;
use super::ownership::check_link;
use super::{LEADS_NOWHERE, NOT_REGULAR, in_use};

pub(crate) use super::standing::is_linked;
pub(super) use headcount_queue::{
    create_private as create, create_private_folder as create_folder,
    open_or_create_private as open_or_create,
};

/// Opens a file for reading. A settings file may be a link that the person
/// made, as dotfile managers do.
pub(super) fn to_read(path: &Path) -> Result<File, Cause> {
    let with = |flags: u32| {
        in_use::open(path, || OpenOptions::new().read(true).custom_flags(flags).open(path))
    };
    let file = match with(FILE_FLAG_OPEN_REPARSE_POINT) {
        // The system denies access to every folder.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && path.is_dir() => {
            return Err(Cause::NotOurs(NOT_REGULAR));
        }
        file => file?,
    };
    let metadata = file.metadata()?;
    if metadata.file_attributes() & FILE_ATTRIBUTE_REPARSE_POINT == 0 {
        return Ok(file);
    }
    if metadata.is_symlink() {
        check_link(path, &metadata)?;
    }
    match with(0) {
        // The missing file may have held a no.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Cause::NotOurs(LEADS_NOWHERE)),
        file => Ok(file?),
    }
}

/// Lets a file be opened itself where it is a link.
pub(super) fn private(options: &mut OpenOptions) {
    options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
}

/// Does nothing: NTFS writes changes of names to its journal.
pub(super) fn sync_folder(_folder: &Path) {}
