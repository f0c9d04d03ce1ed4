//! Deletes what does not count, in slices, and makes the file and its log
//! forget it.

use std::time::Duration;

use rusqlite::{Connection, Error, Transaction, params};

use super::super::writer_slices::WriterSlices;
use super::write::{sealing, unsynced};
use crate::{StoreError, limits};

/// Deletes blocks that are covered, and segments that do not count. Nothing may
/// be sealing meanwhile.
pub(super) fn clean<S: WriterSlices>(store: &S) -> Result<(), StoreError> {
    loop {
        let deleted = store.with_writer(|writer| {
            unsynced(&mut writer.connection, delete_some).map_err(|error| sealing(writer, error))
        })?;
        if deleted == 0 {
            return Ok(());
        }
    }
}

/// Deletes blocks that are covered. A segment may be being written meanwhile.
pub(super) fn clean_blocks<S: WriterSlices>(store: &S) -> Result<(), StoreError> {
    loop {
        let deleted = store.with_writer(|writer| {
            unsynced(&mut writer.connection, delete_blocks).map_err(|error| sealing(writer, error))
        })?;
        if deleted == 0 {
            return Ok(());
        }
    }
}

/// Deletes a slice of blocks. Returns 0 if nothing is left.
fn delete_blocks(transaction: &Transaction<'_>) -> Result<usize, Error> {
    let delete = include_str!("../../sql/delete_blocks.sql");
    transaction.prepare_cached(delete)?.execute((limits::DELETED_BLOCKS as i64,))
}

/// Deletes a slice. Returns 0 if nothing is left.
fn delete_some(transaction: &Transaction<'_>) -> Result<usize, Error> {
    let deleted = delete_blocks(transaction)?;
    if deleted > 0 {
        return Ok(deleted);
    }
    let steps = [
        (include_str!("../../sql/delete_chunks.sql"), limits::DELETED_CHUNKS),
        (include_str!("../../sql/delete_pages.sql"), limits::DELETED_PAGES),
        (include_str!("../../sql/delete_segments.sql"), limits::DELETED_PAGES),
    ];
    for (sql, most) in steps {
        let deleted = transaction.prepare_cached(sql)?.execute((most as i64,))?;
        if deleted > 0 {
            return Ok(deleted);
        }
    }
    // Numbers of blocks only rise: nothing that comes is covered by these.
    transaction.prepare_cached(include_str!("../../sql/delete_covers.sql"))?.execute(())?;
    Ok(0)
}

/// Gives free pages back to the file system, if they are more than a tenth of
/// the file: fewer are soon used again.
pub(super) fn shrink<S: WriterSlices>(store: &S) -> Result<(), StoreError> {
    loop {
        let is_done = store.with_writer(|writer| {
            shrink_some(&writer.connection).map_err(|error| sealing(writer, error))
        })?;
        if is_done {
            return Ok(());
        }
    }
}

fn shrink_some(connection: &Connection) -> Result<bool, Error> {
    let number = |sql| connection.query_row(sql, (), |row| row.get::<_, i64>(0));
    let (free, all) = (number("PRAGMA freelist_count")?, number("PRAGMA page_count")?);
    if free * 10 <= all {
        return Ok(true);
    }
    let sql = format!("PRAGMA incremental_vacuum({})", limits::VACUUMED_PAGES);
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(())?;
    // Each step frees one page.
    while rows.next()?.is_some() {}
    drop(rows);
    Ok(number("PRAGMA freelist_count")? >= free)
}

/// Writes the log into the file and empties it, so that nothing deleted is in
/// either.
pub(super) fn empty_log<S: WriterSlices>(store: &S) -> Result<(), StoreError> {
    for _ in 0..limits::CHECKPOINT_TRIES {
        let is_empty = store.with_writer(|writer| {
            checkpoint(&writer.connection).map_err(|error| sealing(writer, error))
        })?;
        if is_empty {
            return Ok(());
        }
        // A reader has an older state open. Commits go on meanwhile.
        std::thread::sleep(Duration::from_millis(limits::CHECKPOINT_PAUSE_MILLISECONDS));
    }
    Err(StoreError::new(
        "deleted events may still be in the log of the store, because another program reads it; \
         when that program is done, the next housekeeping empties the log",
    ))
}

fn checkpoint(connection: &Connection) -> Result<bool, Error> {
    connection.busy_timeout(Duration::ZERO)?;
    let busy = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", params![], |row| row.get::<_, i64>(0));
    connection.busy_timeout(Duration::from_millis(limits::BUSY_MILLISECONDS))?;
    Ok(busy? == 0)
}
