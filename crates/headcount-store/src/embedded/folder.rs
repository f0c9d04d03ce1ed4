//! The data folder: made if need be, and held by one process at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::StoreError;

/// A data folder that this process alone has open. Dropping it lets others in.
pub(super) struct Folder {
    database: PathBuf,
    lock: File,
}

impl Drop for Folder {
    /// Closing would not do: a process that another thread is starting at this moment still has a
    /// copy of the file, and with it the lock, until it has become its program.
    fn drop(&mut self) {
        // An error means that the system has let go of it already.
        let _ = self.lock.unlock();
    }
}

impl Folder {
    pub(super) fn enter(folder: &Path) -> Result<Self, StoreError> {
        // The file is opened again later, wherever the process may be by then; and to SQLite a
        // relative path that begins with `file:` is no path.
        let folder = &std::path::absolute(folder)
            .map_err(|error| cannot("find the data folder", folder, &error))?;
        make(folder).map_err(|error| cannot("make the data folder", folder, &error))?;
        let lock = folder.join("headcount.lock");
        let held = private_file(&lock).map_err(|error| cannot("open", &lock, &error))?;
        match held.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::new(format!(
                    "The data folder {} is in use by another process. Stop that one first, or \
                     choose another folder.",
                    folder.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(cannot("lock", &lock, &error)),
        }
        let database = folder.join("headcount.db");
        // Empty, it is a new database to SQLite, which gives its other files the same permissions.
        private_file(&database).map_err(|error| cannot("open", &database, &error))?;
        sync(folder).map_err(|error| cannot("write to the data folder", folder, &error))?;
        Ok(Self { database, lock: held })
    }

    pub(super) fn database(&self) -> &Path {
        &self.database
    }
}

fn cannot(what: &str, place: &Path, error: &io::Error) -> StoreError {
    StoreError::new(format!(
        "Could not {what} {}: {error}. Check the path and its permissions, or choose another data \
         folder.",
        place.display()
    ))
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes new names in a folder survive a loss of power, where a folder can be synced at all.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
