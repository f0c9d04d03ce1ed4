//! Connections to the file: how it is created, and which format it has.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Error, OpenFlags};

use crate::{DataFolder, StoreError, limits};

const FILE: &str = "headcount.db";

/// The application id in the file's header: "HCDB".
pub(super) const APPLICATION: i32 = i32::from_be_bytes(*b"HCDB");

/// The migrations. A file of format `n` has had the first `n` of them.
const FORMATS: [&str; 2] =
    [include_str!("../sql/format_1.sql"), include_str!("../sql/format_2.sql")];

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OpenMode {
    /// Reading.
    Questions,
    /// Writing. There is one such connection.
    Commits,
}

/// Creates the file if it does not exist, and returns its path. SQLite takes an
/// empty file for a new database, and gives its other files the same
/// permissions.
pub(super) fn create_file(folder: &DataFolder) -> Result<PathBuf, StoreError> {
    let file = folder.path().join(FILE);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    folder
        .open_private(FILE, &mut options)
        .map_err(|error| StoreError::system("open", &file, error))?;
    folder
        .sync()
        .map_err(|error| StoreError::system("write to the data folder", folder.path(), error))?;
    Ok(file)
}

/// Opens a connection to the store's file. [`OpenMode::Commits`] migrates the
/// file to the newest format.
pub(super) fn open(file: &Path, mode: OpenMode) -> Result<Connection, StoreError> {
    let flags = match mode {
        OpenMode::Questions => OpenFlags::SQLITE_OPEN_READ_ONLY,
        OpenMode::Commits => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    let opening = |error| StoreError::database("open", file, error);
    let mut connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(opening)?;
    connection.busy_timeout(Duration::from_millis(limits::BUSY_MILLISECONDS)).map_err(opening)?;
    if mode == OpenMode::Commits {
        prepare(&mut connection, file)?;
    }
    Ok(connection)
}

fn prepare(connection: &mut Connection, file: &Path) -> Result<(), StoreError> {
    let opening = |error| StoreError::database("open", file, error);
    let format = format(connection, file)?;
    if format == 0 {
        // This works only before the first page is written; later it would need
        // a VACUUM.
        connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL").map_err(opening)?;
    }
    // Overwrite deleted bytes, and sync the log with every commit.
    connection
        .execute_batch("PRAGMA secure_delete = ON; PRAGMA synchronous = FULL;")
        .map_err(opening)?;
    migrate(connection, format).map_err(opening)?;
    let journal: String =
        connection.query_row("PRAGMA journal_mode = WAL", (), |row| row.get(0)).map_err(opening)?;
    if journal != "wal" {
        return Err(StoreError::no_write_ahead_log(file));
    }
    Ok(())
}

/// Returns the format of the file, 0 if the file is empty.
fn format(connection: &Connection, file: &Path) -> Result<usize, StoreError> {
    let number = |sql| connection.query_row(sql, (), |row| row.get::<_, i32>(0));
    let read = || {
        let tables = number("SELECT count(*) FROM sqlite_schema")?;
        Ok((tables, number("PRAGMA application_id")?, number("PRAGMA user_version")?))
    };
    let (tables, application, version) =
        read().map_err(|error| StoreError::database("open", file, error))?;
    let format = usize::try_from(version).unwrap_or(usize::MAX);
    if (tables, application, version) == (0, 0, 0) {
        Ok(0)
    } else if application != APPLICATION || format == 0 {
        Err(StoreError::other_program(file))
    } else if format > FORMATS.len() {
        Err(StoreError::newer_format(file, version, FORMATS.len()))
    } else {
        Ok(format)
    }
}

/// Runs the missing migrations in one transaction.
fn migrate(connection: &mut Connection, format: usize) -> Result<(), Error> {
    if format == FORMATS.len() {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for step in &FORMATS[format..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", FORMATS.len() as i64)?;
    transaction.commit()
}
