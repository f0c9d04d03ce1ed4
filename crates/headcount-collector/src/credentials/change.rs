//! Changes the credentials of a data folder, also while a collector runs: one
//! change after the other, each whole or not at all.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use headcount_store::DataFolder;

use super::file;
use super::set::Credentials;
use super::set_error::CredentialError;
use crate::limits;
use crate::private_file::{self, Links};
use crate::trusted_file::Mending;

/// The file in the data folder that is locked while they change. A collector
/// locks another one, so that both may run.
const LOCK: &str = "credentials.lock";

/// How long to wait before the lock is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(5);

/// Reads the credentials, changes them and writes them. Creates the folder if
/// there is none. Nothing is written if `change` fails.
pub(crate) fn change<T>(
    data: &Path,
    change: impl FnOnce(&mut Credentials) -> Result<T, CredentialError>,
) -> Result<T, CredentialError> {
    let folder = lock(data)?;
    let mut credentials = file::read(folder.path(), Mending::Refused)?.credentials;
    let done = change(&mut credentials)?;
    file::write(folder.path(), &credentials)?;
    // The superuser may change what another user's collector reads, and that
    // user may be the next to change it.
    let lock = folder.path().join(LOCK);
    private_file::open(&lock, Links::Refused)
        .and_then(|file| private_file::give_to_owner_of(folder.path(), &file))
        .map_err(|error| CredentialError::File { doing: "write", path: lock, error })?;
    Ok(done)
}

/// Waits for the lock.
fn lock(data: &Path) -> Result<DataFolder, CredentialError> {
    let end = Instant::now() + limits::CREDENTIALS_WAIT;
    loop {
        match DataFolder::lock(data, LOCK) {
            Ok(folder) => return Ok(folder),
            Err(error) if error.is_busy() && Instant::now() < end => thread::sleep(TRY_AGAIN),
            Err(error) if error.is_busy() => return Err(CredentialError::Busy(data.to_path_buf())),
            Err(error) => return Err(CredentialError::Folder(error)),
        }
    }
}
