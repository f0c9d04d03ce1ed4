//! How files are opened and created on Windows.
//!
//! A new file or folder is the person's alone: in a profile by what the folder
//! hands down, elsewhere by an access list of its own. A link is opened itself,
//! not what it leads to. Symbolic links and junctions are links; other reparse
//! points, such as a file that OneDrive keeps elsewhere, are not.

use std::fs::{self, File, OpenOptions};
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

/// Creates a file that only the person may use. Nothing may have its name.
pub(super) fn create(path: &Path) -> io::Result<File> {
    headcount_queue::create_private(path)
}

/// Opens a file with options that do not create it, and creates it for the
/// person alone if it is missing.
pub(super) fn open_or_create(options: &OpenOptions, path: &Path) -> io::Result<File> {
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match create(path).map(drop) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => options.open(path),
        },
        file => file,
    }
}

/// Creates a folder and its parents, which only the person may enter.
pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        create_folder(above)?;
    }
    match fs::create_dir(folder) {
        Ok(()) => {
            headcount_queue::make_folder_private(folder);
            Ok(())
        }
        Err(_) if folder.is_dir() => Ok(()),
        // What cannot be looked at may be a folder: what is opened in it tells.
        Err(error) if is_taken(&error) && fs::metadata(folder).is_err() => Ok(()),
        Err(error) => Err(error),
    }
}

fn is_taken(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AlreadyExists
}

/// Does nothing: NTFS writes changes of names to its journal.
pub(super) fn sync_folder(_folder: &Path) {}
