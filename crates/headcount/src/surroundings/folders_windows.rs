//! Whose a folder is on Windows. Profiles belong to their user, to the system
//! or to its administrators; a command that is run elevated keeps the user's
//! own profile.

use std::fs::File;
use std::io;
use std::os::windows::fs::OpenOptionsExt as _;
use std::path::Path;

use windows_sys::Win32::Storage::FileSystem::{FILE_FLAG_BACKUP_SEMANTICS, READ_CONTROL};

/// Whether files may be created in all of these: the nearest folder that exists
/// is this user's, or one of the system's. Files in another user's folder would
/// be that user's to read, or would lock that user out. The home is this
/// user's.
pub(super) fn are_free<'a>(home: Option<&Path>, folders: impl Iterator<Item = &'a Path>) -> bool {
    // What is below a folder that does not exist has the same nearest one.
    let mut missing: Vec<&Path> = Vec::new();
    for folder in folders {
        if missing.iter().any(|missing| folder.starts_with(missing)) {
            continue;
        }
        for folder in folder.ancestors().take_while(|folder| Some(*folder) != home) {
            match is_of_another_user(folder) {
                Ok(true) => return false,
                Ok(false) => break,
                Err(error) if error.kind() == io::ErrorKind::NotFound => missing.push(folder),
                // A folder that is there and cannot be asked about: whether it
                // can be used is told when it is.
                Err(_) => break,
            }
        }
    }
    true
}

/// Whether a folder is neither this user's nor an administrator's.
pub(super) fn is_of_another_user(folder: &Path) -> io::Result<bool> {
    let mut options = File::options();
    options.access_mode(READ_CONTROL).custom_flags(FILE_FLAG_BACKUP_SEMANTICS);
    let list = headcount_queue::access_list_of(&options.open(folder)?)?;
    Ok(list.is_of_another_user)
}
