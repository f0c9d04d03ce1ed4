//! Copies the store's file as it is at one moment, also while a collector
//! writes it.
//!
//! SQLite's backup starts again whenever another process has written, so that
//! it would never end beside a busy collector. Here it reads within one
//! transaction: all of its steps see one moment. Commits go on meanwhile; the
//! write-ahead log only grows until the last page is read.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, Progress, StepResult};
use rusqlite::{Connection, Error, ErrorCode, OpenFlags};

use super::connection::{self, OpenMode};
use crate::{DataFolder, StoreError, limits};

/// Copies the store's file from a data folder to another one, and makes the
/// copy last. `progress` is told the bytes that are copied, and all of them.
/// Returns the size of the copy in bytes.
///
/// Everything that was acknowledged before the call is in the copy.
///
/// # Errors
///
/// Returns an error if
/// - `folder` has no store that this version can read;
/// - `to` has a store already, or cannot be written.
pub fn copy_store(
    folder: &Path,
    to: &DataFolder,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, StoreError> {
    let file = std::path::absolute(folder)
        .map_err(|error| StoreError::system("find the data folder", folder, error))?
        .join(connection::FILE);
    let source = connection::open(&file, OpenMode::Questions)?;
    let reading = |error| StoreError::database("copy", &file, error);
    let snapshot = source.unchecked_transaction().map_err(reading)?;
    // The first read: from here on, everything is of one moment.
    connection::check_newest(&snapshot, &file)?;
    let copy = create(to)?;
    let copying = |error| StoreError::database("copy", blamed(&error, &file, &copy), error);
    copy_pages(&snapshot, &copy, progress).map_err(copying)?;
    drop(snapshot);
    without_log(&copy).map_err(copying)?;
    let synced = File::open(&copy).and_then(|copied| {
        copied.sync_all()?;
        to.sync()?;
        Ok(copied.metadata()?.len())
    });
    synced.map_err(|error| StoreError::system("write", &copy, error))
}

/// Creates the file of the copy, for its owner alone.
fn create(to: &DataFolder) -> Result<PathBuf, StoreError> {
    let copy = to.path().join(connection::FILE);
    to.open_private(connection::FILE, OpenOptions::new().write(true).create_new(true))
        .map_err(|error| StoreError::system("create", &copy, error))?;
    Ok(copy)
}

fn copy_pages(
    source: &Connection,
    copy: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), Error> {
    let page: u32 = source.query_row("PRAGMA page_size", (), |row| row.get(0))?;
    let mut target = open_copy(copy)?;
    // Nobody else reads the copy before it is whole, and a copy that was cut
    // off is thrown away: it needs no journal, and one sync at its end.
    target.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE",
    )?;
    let backup = Backup::new(source, &mut target)?;
    loop {
        let step = backup.step(limits::COPIED_PAGES)?;
        let Progress { remaining, pagecount } = backup.progress();
        let bytes = |pages: i32| u64::try_from(pages).unwrap_or(0) * u64::from(page);
        progress(bytes(pagecount - remaining), bytes(pagecount));
        match step {
            StepResult::Done => return Ok(()),
            StepResult::Busy | StepResult::Locked => {
                return Err(Error::SqliteFailure(
                    rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
                    None,
                ));
            }
            _ => {}
        }
    }
}

/// The copy has no log beside it until a collector opens it.
fn without_log(copy: &Path) -> Result<(), Error> {
    let target = open_copy(copy)?;
    // Alone with the file, SQLite needs no shared memory beside it, which would
    // fail on a full disk as if that were broken.
    target.execute_batch("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL")?;
    target.query_row("PRAGMA journal_mode = DELETE", (), |_| Ok(()))
}

fn open_copy(copy: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(copy, flags)
}

/// Which of the two files an error is about: the source is only read.
fn blamed<'p>(error: &Error, source: &'p Path, copy: &'p Path) -> &'p Path {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::DatabaseBusy) => {
            source
        }
        _ => copy,
    }
}
