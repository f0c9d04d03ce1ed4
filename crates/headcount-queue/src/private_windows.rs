//! Files and folders of the person alone on Windows: opened or created, and
//! whether another program has one open.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use windows_sys::Win32::Foundation::{
    ERROR_DELETE_PENDING, ERROR_LOCK_VIOLATION, ERROR_SHARING_VIOLATION, ERROR_USER_MAPPED_FILE,
};

use crate::access_list_windows::{create_private, make_folder_private};

/// Opens a file with options that do not create it, and creates it for the
/// person alone if it is missing. A file that is there is opened with one call.
///
/// # Errors
///
/// Returns the error of the system.
pub fn open_or_create_private(options: &OpenOptions, path: &Path) -> io::Result<File> {
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match create_private(path).map(drop) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
                _ => options.open(path),
            }
        }
        file => file,
    }
}

/// Creates a folder and its parents, which only the person may use. An existing
/// folder is not changed.
///
/// # Errors
///
/// Returns the error of the system.
pub fn create_private_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
        create_private_folder(above)?;
    }
    match fs::create_dir(path) {
        Ok(()) => {
            make_folder_private(path);
            Ok(())
        }
        Err(_) if path.is_dir() => Ok(()),
        // What cannot be looked at may be a folder: what is opened in it tells.
        Err(error) if is_taken(&error) && fs::metadata(path).is_err() => Ok(()),
        Err(error) => Err(error),
    }
}

fn is_taken(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AlreadyExists
}

/// Whether an error says that another program has the file open, in a way that
/// excludes this one, or is about to remove it.
#[must_use]
pub fn is_in_use(error: &io::Error) -> bool {
    let code = error.raw_os_error().and_then(|code| u32::try_from(code).ok());
    matches!(
        code,
        Some(
            ERROR_SHARING_VIOLATION
                | ERROR_LOCK_VIOLATION
                | ERROR_USER_MAPPED_FILE
                | ERROR_DELETE_PENDING
        )
    )
}
