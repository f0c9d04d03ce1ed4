//! File operations that differ between systems: locks, share modes and links.
//!
//! If another process holds a file until the wait is over, the kind of the
//! error is `WouldBlock`.

#[cfg(unix)]
#[path = "platform_unix.rs"]
mod system;
#[cfg(windows)]
#[path = "platform_windows.rs"]
mod system;

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use crate::obstacle::Obstacle;

pub(crate) use system::{
    change_sealed, create_folder, ends_a_line, file_limit_bytes, is_ship_locked, lock_segment,
    open_to_read, open_to_replace, remove, remove_ship_lock, rename_over, seal, stands_alone,
    try_ship_lock, unlock,
};

/// Whether an error says that a file or folder does not exist, and nothing has
/// its name: what cannot be opened may still be there.
pub(crate) fn is_gone(error: &io::Error, path: &Path) -> bool {
    let is_not_found = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    is_not_found(error) && fs::symlink_metadata(path).is_err_and(|error| is_not_found(&error))
}

/// Renames a segment that has something in it, waiting at most `wait` for its
/// writers where the system wants that. Does nothing if the segment is empty or
/// does not exist.
pub(crate) fn rename_segment(from: &Path, to: &Path, wait: Duration) -> io::Result<()> {
    let metadata = match fs::symlink_metadata(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        metadata => metadata?,
    };
    system::check_regular(&metadata)?;
    if metadata.len() == 0 {
        return Ok(());
    }
    system::rename_in_use(from, to, wait)
}

/// Waits until a file is on the disk. A file system that cannot say so is not
/// an error.
pub(crate) fn sync(file: &File) -> io::Result<()> {
    match file.sync_all() {
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {
            Ok(())
        }
        synced => synced,
    }
}

/// Waits until the names in the folder of a file are on the disk, where the
/// system lets a folder be opened for that. Whoever loses power before sees the
/// old file, as a whole.
pub(crate) fn sync_folder_of(path: &Path) {
    if let Some(Ok(folder)) = path.parent().map(File::open) {
        let _ = folder.sync_all();
    }
}

/// Returns what is at the path instead of a regular file, if the error says so.
pub(crate) fn obstacle(error: &io::Error) -> Option<&'static str> {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Obstacle>()) {
        Some(found) => Some(found.0),
        None => system::obstacle_of_code(error.raw_os_error()?),
    }
}
