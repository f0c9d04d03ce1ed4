//! Connections to the file: how it is created, which format it has, and what its errors mean.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, Error, ErrorCode, OpenFlags};

use crate::block::Damage;
use crate::{StoreError, limits};

/// The application id in the file's header: "HCDB".
pub(super) const APPLICATION: i32 = i32::from_be_bytes(*b"HCDB");

/// The migrations. A file of format `n` has had the first `n` of them.
const FORMATS: [&str; 1] = [include_str!("../sql/format_1.sql")];

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OpenMode {
    /// Reading.
    Questions,
    /// Writing. There is one such connection.
    Commits,
}

/// Opens a connection to the store's file. [`OpenMode::Commits`] migrates the file to the newest
/// format.
pub(super) fn open(file: &Path, mode: OpenMode) -> Result<Connection, StoreError> {
    let flags = match mode {
        OpenMode::Questions => OpenFlags::SQLITE_OPEN_READ_ONLY,
        OpenMode::Commits => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    let opening = |error| trouble("opening", file, &error);
    let mut connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(opening)?;
    connection.busy_timeout(Duration::from_millis(limits::BUSY_MILLISECONDS)).map_err(opening)?;
    if mode == OpenMode::Commits {
        prepare(&mut connection, file)?;
    }
    Ok(connection)
}

fn prepare(connection: &mut Connection, file: &Path) -> Result<(), StoreError> {
    let opening = |error| trouble("opening", file, &error);
    let format = format(connection, file)?;
    if format == 0 {
        // This works only before the first page is written; later it would need a VACUUM.
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
        return Err(StoreError::new(format!(
            "{} cannot have a write-ahead log: its file system has no shared memory, as some \
             network drives. Choose a data folder on a local disk.",
            file.display()
        )));
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
        read().map_err(|error| trouble("opening", file, &error))?;
    let format = usize::try_from(version).unwrap_or(usize::MAX);
    if (tables, application, version) == (0, 0, 0) {
        Ok(0)
    } else if application != APPLICATION || format == 0 {
        Err(StoreError::new(format!(
            "{} is a database of another program. Choose another data folder.",
            file.display()
        )))
    } else if format > FORMATS.len() {
        Err(StoreError::new(format!(
            "{} has format {version}, and this headcount reads up to {}. Run the newer headcount \
             that wrote it, or choose another data folder.",
            file.display(),
            FORMATS.len()
        )))
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

/// The sentence for an error of SQLite's; `doing` reads on with the file's path.
pub(super) fn trouble(doing: &str, file: &Path, error: &Error) -> StoreError {
    let advice = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            "It is not a database. Choose another data folder, or restore the file from a backup."
        }
        Some(ErrorCode::DatabaseCorrupt) => "It is damaged. Restore it from a backup.",
        Some(ErrorCode::DiskFull) => "The disk is full. Free some space, then it goes on.",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "Another program holds it. Close whatever else has the file open."
        }
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            "Check that it is a file and that this user may read and write it and its folder."
        }
        Some(ErrorCode::SystemIoFailure) => "The disk failed. Look into the system's log.",
        _ => "Nothing of it counts; it may be tried again.",
    };
    StoreError::new(format!("Error while {doing} {}: {error}. {advice}", file.display()))
}

/// The sentence for a block whose bytes are not what was written.
pub(super) fn damaged(file: &Path, number: i64, damage: Damage) -> StoreError {
    StoreError::new(format!(
        "Block {number} in {} is damaged: {damage}. Restore the file from a backup.",
        file.display()
    ))
}
