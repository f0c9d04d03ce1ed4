//! Whose turn it is to change a file of the data folder that commands change
//! while a collector runs.

use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use headcount_store::{DataFolder, StoreError};

use crate::private_file::{self, Links};

/// How long to wait before a lock is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(5);

/// Why nobody can change the file now.
#[derive(Debug)]
pub(crate) enum TurnError {
    /// Somebody else has held the lock for too long.
    Busy,
    /// The folder cannot be locked.
    Folder(StoreError),
}

/// Waits for a lock in the data folder: another one than a collector's, so that
/// both may run. Creates the folder if there is none.
pub(crate) fn take(data: &Path, lock: &str, wait: Duration) -> Result<DataFolder, TurnError> {
    let end = Instant::now() + wait;
    loop {
        match DataFolder::lock(data, lock) {
            Ok(folder) => return Ok(folder),
            Err(error) if error.is_busy() && Instant::now() < end => thread::sleep(TRY_AGAIN),
            Err(error) if error.is_busy() => return Err(TurnError::Busy),
            Err(error) => return Err(TurnError::Folder(error)),
        }
    }
}

/// Gives the file of a lock to the owner of the folder: the superuser may
/// change what another user's collector reads, and that user may be the next to
/// change it.
pub(crate) fn give_lock_to_owner(folder: &DataFolder, lock: &str) -> io::Result<()> {
    let lock = folder.path().join(lock);
    private_file::open(&lock, Links::Refused)
        .and_then(|file| private_file::give_to_owner_of(folder.path(), &file))
}
