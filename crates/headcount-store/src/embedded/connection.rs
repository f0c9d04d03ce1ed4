//! Connections to the file: how it is created, and which format it has.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Error, OpenFlags};

use super::migration;
use crate::{DataFolder, StoreError, limits};

pub(super) const FILE: &str = "headcount.db";

/// The application id in the file's header: "HCDB".
pub(super) const APPLICATION: i32 = i32::from_be_bytes(*b"HCDB");

/// The newest format.
const NEWEST: usize = 3;

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
    connection.set_prepared_statement_cache_capacity(limits::CACHED_STATEMENTS);
    // Otherwise a statement that compares with a bound value is compiled again
    // for each value, as if there were statistics to plan it by.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(opening)?;
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
    if format < NEWEST {
        migrate(connection, file, format)?;
        vacuum(connection).map_err(opening)?;
    }
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
    } else if format > NEWEST {
        Err(StoreError::newer_format(file, version, NEWEST))
    } else {
        Ok(format)
    }
}

/// Gives the pages of deleted rows back to the file system.
fn vacuum(connection: &Connection) -> Result<(), Error> {
    let mut statement = connection.prepare("PRAGMA incremental_vacuum")?;
    let mut rows = statement.query(())?;
    while rows.next()?.is_some() {}
    Ok(())
}

/// Checks that a file that only a [`OpenMode::Commits`] would migrate has the
/// newest format.
pub(super) fn check_newest(connection: &Connection, file: &Path) -> Result<(), StoreError> {
    match format(connection, file)? {
        NEWEST => Ok(()),
        format => Err(StoreError::older_format(file, format)),
    }
}

/// Runs the missing migrations in one transaction.
fn migrate(connection: &mut Connection, file: &Path, format: usize) -> Result<(), StoreError> {
    let migrating = |error| StoreError::database("migrate", file, error);
    let transaction = connection.transaction().map_err(migrating)?;
    if format < 1 {
        transaction.execute_batch(include_str!("../sql/format_1.sql")).map_err(migrating)?;
    }
    if format < 2 {
        transaction.execute_batch(include_str!("../sql/format_2.sql")).map_err(migrating)?;
    }
    migration::migrate(&transaction, file)?;
    let finish = || {
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", NEWEST as i64)
    };
    finish().map_err(migrating)?;
    transaction.commit().map_err(migrating)
}
