//! Whose a folder is on Windows. Profiles belong to their user, to the system
//! or to its administrators; a command that is run elevated keeps the user's
//! own profile.

use std::fs::File;
use std::io;
use std::os::windows::fs::OpenOptionsExt as _;
use std::path::Path;

use headcount_queue::AccessList;
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
                Err(error) if crate::disk::is_missing(&error) => missing.push(folder),
                // A folder that is there and cannot be asked about: whether it
                // can be used is told when it is.
                Err(_) => break,
            }
        }
    }
    true
}

/// Whether a home is somebody else's. The system owns most profiles, so what
/// tells is whom they let in: a command that runs as an administrator of
/// another account has that account's rights and perhaps this one's variables.
pub(super) fn is_home_of_another(home: &Path) -> io::Result<bool> {
    let list = list(home)?;
    Ok(list.is_of_another_user || list.is_for_others)
}

/// Whether a folder is neither this user's nor an administrator's.
fn is_of_another_user(folder: &Path) -> io::Result<bool> {
    Ok(list(folder)?.is_of_another_user)
}

fn list(folder: &Path) -> io::Result<AccessList> {
    let mut options = File::options();
    options.access_mode(READ_CONTROL).custom_flags(FILE_FLAG_BACKUP_SEMANTICS);
    headcount_queue::access_list_of(&options.open(folder)?)
}
