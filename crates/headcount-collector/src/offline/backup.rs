//! Copies a data folder into a new one that `headcount serve` takes as it is,
//! also while a collector runs.
//!
//! The copy grows in a folder beside it, `TO.unfinished`, with a file that
//! every command refuses, and gets its name when everything in it is on disk
//! and has been examined. The store comes first: a catalog is kept before it
//! judges its first event, so the catalogs that are copied after the events
//! have judged all of them.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use headcount_store::{BooksReport, DataFolder, StoredEvents, copy_store};

use super::error::OfflineError;
use crate::private_file::{self, Links, Others};
use crate::registry::KeptCatalogs;
use crate::{credentials, last_asked, notes, public, secret};

/// What a backup has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupReport {
    /// Raw events in the copy. They were examined, and the counts with them.
    pub events: u64,
    /// Kept catalogs.
    pub catalogs: usize,
    /// Bytes of the copied store.
    pub bytes: u64,
}

/// How far a backup is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackupProgress {
    /// Bytes of the store that are copied, and all of them.
    Copied(u64, u64),
    /// Everything is copied, and the copy is being examined.
    Examining,
}

/// Copies everything in a data folder that is not made anew at a start: the
/// store, the secret, the kept catalogs, what was published, and credentials,
/// notes and what was last asked for if there are any.
/// The collector may run, and is not held up. Everything that it has
/// acknowledged before this call is in the copy.
///
/// # Errors
///
/// Returns an error, and leaves nothing that could be taken for a backup, if
/// - there is no such folder, or nothing in it that this version can copy;
/// - `to` is not new or empty, is within the data folder, or cannot be written;
/// - what was copied is not right.
pub fn back_up(
    data: &Path,
    to: &Path,
    progress: &mut dyn FnMut(BackupProgress),
) -> Result<BackupReport, OfflineError> {
    OfflineError::check_folder(data)?;
    // What cannot be copied is told before anything is created.
    StoredEvents::open(data)?;
    secret::examine(data)?;
    let place = BackupPlace::choose(data, to)?;
    let unfinished = place.begin()?;
    // What cannot be removed after an error says itself that it is unfinished.
    match fill(data, &unfinished, progress) {
        Ok(report) => {
            let finished = place.finish(data, unfinished);
            if finished.is_err() {
                let _ = fs::remove_dir_all(&place.unfinished);
            }
            finished.map(|()| report)
        }
        Err(error) => {
            let _ = discard(unfinished);
            Err(error)
        }
    }
}

/// Where a backup goes.
struct BackupPlace {
    to: PathBuf,
    unfinished: PathBuf,
}

impl BackupPlace {
    fn choose(data: &Path, to: &Path) -> Result<Self, OfflineError> {
        let failed = |error| OfflineError::file("find", to, error);
        let to = std::path::absolute(to).map_err(failed)?;
        let (Some(parent), Some(name)) = (to.parent(), to.file_name()) else {
            return Err(OfflineError::backup_place(&to, NO_NAME));
        };
        // Links are followed: what counts is where the bytes go.
        let parent = fs::canonicalize(parent)
            .map_err(|error| OfflineError::file("find the folder", parent, error))?;
        let data = fs::canonicalize(data)
            .map_err(|error| OfflineError::file("find the data folder", data, error))?;
        let to = parent.join(name);
        if parent.starts_with(&data) || to == data {
            return Err(OfflineError::backup_place(&to, WITHIN_DATA));
        }
        match fs::symlink_metadata(&to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(OfflineError::file("look at", &to, error)),
            Ok(found) if !found.is_dir() => {
                return Err(OfflineError::backup_place(&to, NOT_A_FOLDER));
            }
            Ok(_) if is_other_disk(&to, &parent) => {
                return Err(OfflineError::backup_place(&to, A_DISK));
            }
            Ok(_) => {
                let mut entries =
                    fs::read_dir(&to).map_err(|error| OfflineError::file("list", &to, error))?;
                // One that was killed right before its end has its name.
                if entries.next().is_some() && !DataFolder::is_unfinished_backup(&to) {
                    return Err(OfflineError::backup_place(&to, NOT_EMPTY));
                }
            }
        }
        let mut unfinished = OsString::from(name);
        unfinished.push(".unfinished");
        Ok(Self { unfinished: parent.join(unfinished), to })
    }

    /// Makes the folder in which the copy grows. What a backup has left that
    /// was killed goes first.
    fn begin(&self) -> Result<DataFolder, OfflineError> {
        if DataFolder::is_unfinished_backup(&self.to) {
            let left = self.emptied(&self.to)?;
            discard(left).map_err(|error| OfflineError::file("empty", &self.to, error))?;
        }
        let path = &self.unfinished;
        let failed = |error| OfflineError::file("empty", path, error);
        let is_ours = match fs::read_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            entries => {
                let is_empty = entries.map_err(failed)?.next().is_none();
                is_empty || DataFolder::is_unfinished_backup(path)
            }
        };
        if !is_ours {
            return Err(OfflineError::backup_place(path, NOT_OURS));
        }
        self.emptied(path)
    }

    /// Makes a folder, or locks one that another backup has left, and removes
    /// what is in it.
    fn emptied(&self, path: &Path) -> Result<DataFolder, OfflineError> {
        let failed = |error| OfflineError::file("empty", path, error);
        let folder = DataFolder::begin_backup(path).map_err(|error| {
            if error.is_busy() {
                return OfflineError::backup_place(&self.to, BUSY);
            }
            error.into()
        })?;
        // Whoever owns the folder or may write in it can read and replace what
        // is copied.
        let metadata = fs::symlink_metadata(path).map_err(failed)?;
        if !metadata.is_dir() || private_file::others(&metadata) != Others::Nobody {
            return Err(OfflineError::backup_place(path, NOT_OURS));
        }
        empty(path).map_err(failed)?;
        Ok(folder)
    }

    /// Gives the copy its name. Everything in it is on disk.
    fn finish(&self, data: &Path, folder: DataFolder) -> Result<(), OfflineError> {
        let failed = |error| OfflineError::file("finish the backup", &self.to, error);
        // The superuser backs up for the collector's user, who serves the copy.
        private_file::give_all_to_owner_of(data, folder.path()).map_err(failed)?;
        // Windows renames no folder over another one, not even an empty one.
        if cfg!(windows) && self.to.is_dir() {
            fs::remove_dir(&self.to).map_err(failed)?;
        }
        folder.end_backup(&self.to).map_err(failed)
    }
}

/// Removes all of an unfinished backup but the file that says that it is one.
fn empty(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.file_name() {
            Some(name) if name == DataFolder::UNFINISHED => {}
            _ if path.is_symlink() || !path.is_dir() => fs::remove_file(&path)?,
            _ => fs::remove_dir_all(&path)?,
        }
    }
    Ok(())
}

/// Removes an unfinished backup, under its lock: another backup to the same
/// place may begin at any moment after that.
fn discard(folder: DataFolder) -> io::Result<()> {
    let path = folder.path().to_path_buf();
    empty(&path)?;
    // Windows removes no file that is open.
    let lock = if cfg!(windows) { None } else { Some(folder) };
    fs::remove_file(path.join(DataFolder::UNFINISHED))?;
    drop(lock);
    fs::remove_dir(&path)
}

const NO_NAME: &str = "has no name of its own: name a new folder";

const WITHIN_DATA: &str =
    "is within the data folder: name a folder elsewhere, best on another disk";

const NOT_A_FOLDER: &str = "is not a folder: name a new one";

const NOT_EMPTY: &str = "is not empty: name a new folder";

const NOT_OURS: &str = "is in the way, and is not an unfinished backup of this user: remove it, or name \
                        another folder for the backup";

const BUSY: &str = "is being written by another backup: wait for it, or name another folder";

const A_DISK: &str = "is the top of another disk: name a new folder below it";

#[cfg(unix)]
fn is_other_disk(folder: &Path, parent: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let device = |path: &Path| path.metadata().ok().map(|metadata| metadata.dev());
    device(folder) != device(parent)
}

#[cfg(not(unix))]
fn is_other_disk(_folder: &Path, _parent: &Path) -> bool {
    false
}

fn fill(
    data: &Path,
    to: &DataFolder,
    progress: &mut dyn FnMut(BackupProgress),
) -> Result<BackupReport, OfflineError> {
    let bytes = copy_store(data, to, &mut |copied, whole| {
        progress(BackupProgress::Copied(copied, whole));
    })?;
    let put = |name: &str, content: &[u8]| {
        let path = to.path().join(name);
        private_file::write(&path, content)
            .map_err(|error| OfflineError::file("write", &path, error))
    };
    put(secret::FILE, secret::examine(data)?.bytes())?;
    copy_if_there(data, to, credentials::FILE)?;
    copy_if_there(data, to, notes::FILE)?;
    copy_if_there(data, to, public::FILE)?;
    copy_if_there(data, to, last_asked::FILE)?;
    let kept = KeptCatalogs::of(data);
    let catalogs = kept
        .copy_to(&KeptCatalogs::of(to.path()))
        .map_err(|error| OfflineError::file("copy the kept catalogs of", data, error))?;
    progress(BackupProgress::Examining);
    let BooksReport { events, findings, .. } = headcount_store::examine(to.path())?;
    let secret = secret::examine(to.path()).err().map(|error| format!("{error}."));
    let keys = credentials::read_for_examination(to.path()).err();
    let keys = keys.map(|error| format!("{error}."));
    let found: Vec<String> = findings.into_iter().chain(secret).chain(keys).collect();
    if found.is_empty() {
        Ok(BackupReport { events, catalogs, bytes })
    } else {
        Err(OfflineError::bad_backup(found))
    }
}

/// Copies a small file that is replaced as a whole and never changed in place.
fn copy_if_there(data: &Path, to: &DataFolder, name: &str) -> Result<(), OfflineError> {
    let (from, path) = (data.join(name), to.path().join(name));
    let content = match private_file::read(&from, Links::Refused) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        content => content.map_err(|error| OfflineError::file("read", &from, error))?,
    };
    private_file::write(&path, &content).map_err(|error| OfflineError::file("write", &path, error))
}
