//! Changes the credentials of a data folder, also while a collector runs: one
//! change after the other, each whole or not at all.

use std::path::Path;

use super::file;
use super::set::Credentials;
use super::set_error::CredentialError;
use crate::folder_turn::{self, TurnError};
use crate::limits;
use crate::trusted_file::Mending;

/// The file in the data folder that is locked while they change.
const LOCK: &str = "credentials.lock";

/// Reads the credentials, changes them and writes them. Creates the folder if
/// there is none. Nothing is written if `change` fails.
pub(crate) fn change<T>(
    data: &Path,
    change: impl FnOnce(&mut Credentials) -> Result<T, CredentialError>,
) -> Result<T, CredentialError> {
    let folder =
        folder_turn::take(data, LOCK, limits::CREDENTIALS_WAIT).map_err(|error| match error {
            TurnError::Busy => CredentialError::Busy(data.to_path_buf()),
            TurnError::Folder(error) => CredentialError::Folder(error),
        })?;
    let mut credentials = file::read(folder.path(), Mending::Refused)?.credentials;
    let done = change(&mut credentials)?;
    file::write(folder.path(), &credentials)?;
    folder_turn::give_lock_to_owner(&folder, LOCK).map_err(|error| {
        let path = folder.path().join(LOCK);
        CredentialError::File { doing: "write", path, error }
    })?;
    Ok(done)
}
