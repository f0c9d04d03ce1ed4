//! The connection that commits, and the memory that must match what it has
//! committed.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Error, TransactionBehavior};

use super::connection::{OpenMode, open};
use super::dedup::sort;
use super::fresh_blocks::each_fresh;
use super::ids::KnownIds;
use super::rollups::Rollups;
use super::schemas::Schemas;
use super::seams::RollupState;
use super::transaction::{CommitCounts, write};
use crate::file_identity::FileIdentity;
use crate::{Commit, RowStatus, StoreError, limits};

/// A connection, and a memory of everything that was committed through it and
/// before it.
pub(super) struct DatabaseWriter {
    pub(super) file: PathBuf,
    pub(super) connection: Connection,
    pub(super) schemas: Schemas,
    pub(super) ids: KnownIds,
    pub(super) rollups: Rollups,
    /// The number of the last block, as far as memory goes.
    last_block: i64,
    log: FileIdentity,
    /// Blocks and rows that are in `rollups` and not in its tables.
    unflushed_blocks: u64,
    unflushed_rows: usize,
}

impl DatabaseWriter {
    /// Opens the file, and reads what it needs: all of the fresh blocks, and
    /// none of the sealed events. A run of fresh rows ends after `run_rows`.
    pub(super) fn open(file: &Path, run_rows: usize) -> Result<Self, StoreError> {
        let connection = open(file, OpenMode::Commits)?;
        let reading = |error| StoreError::database("read", file, error);
        let schemas = Schemas::read(&connection, file)?;
        let ids = KnownIds::read(&connection, file, run_rows)?;
        let rollups = Rollups::read(&connection).map_err(reading)?;
        let last_block = last_block(&connection).map_err(reading)?;
        let mut writer = Self {
            file: file.to_path_buf(),
            connection,
            schemas,
            ids,
            rollups,
            last_block,
            log: FileIdentity::of_log(file)?,
            unflushed_blocks: 0,
            unflushed_rows: 0,
        };
        writer.read_fresh(run_rows)?;
        Ok(writer)
    }

    /// Remembers the ids of all fresh blocks, and counts the events of those
    /// after the watermark.
    fn read_fresh(&mut self, run_rows: usize) -> Result<(), StoreError> {
        let Self { file, connection, schemas, ids, rollups, .. } = self;
        let reading = |error| StoreError::database("read", file, error);
        let sql = include_str!("../sql/read_watermark.sql");
        let watermark: i64 = connection.query_row(sql, (), |row| row.get(0)).map_err(reading)?;
        let (mut blocks, mut counted) = (0, 0);
        each_fresh(connection, file, |block| {
            let run_end = (block.number, run_rows);
            let of_day = ids.day(block.product, block.day);
            if block.number > watermark {
                let rows = block.rows(schemas)?;
                of_day.add_fresh(rows.ids(), rows.contents(), run_end);
                rollups.add(&rows);
                blocks += 1;
                counted += rows.len();
            } else {
                let keys = block.keys()?;
                of_day.add_fresh(&keys.ids(), &keys.contents(), run_end);
            }
            Ok(())
        })?;
        (self.unflushed_blocks, self.unflushed_rows) = (blocks, counted);
        Ok(())
    }

    /// Checks that the write-ahead log is still there.
    pub(super) fn check_log(&self) -> Result<(), StoreError> {
        self.log.check()
    }

    /// Makes a commit durable. After an error, ask
    /// [`matches_file`](Self::matches_file) whether this writer may be used
    /// again.
    pub(super) fn append(&mut self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        self.check_log()?;
        let appended = self.sort_and_write(commit);
        if appended.is_err() {
            self.ids.roll_back();
        }
        appended
    }

    fn sort_and_write(&mut self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        let sorted = sort(&self.connection, &mut self.ids, &commit.rows)?;
        let counts = CommitCounts::of(commit, &sorted.statuses);
        let known_schemas = self.schemas.len();
        let (connection, schemas) = (&mut self.connection, &mut self.schemas);
        match write(connection, schemas, self.last_block, &sorted.new, &counts) {
            Ok(last_block) => {
                self.last_block = last_block;
                self.ids.commit(sorted.new.iter().map(|rows| &**rows), last_block);
                self.unflushed_blocks += sorted.new.len() as u64;
                for rows in &sorted.new {
                    self.unflushed_rows += rows.len();
                    self.rollups.add(rows);
                }
                Ok(sorted.statuses)
            }
            Err(error) => {
                self.schemas.forget_after(known_schemas);
                Err(StoreError::database("commit to", &self.file, error))
            }
        }
    }

    /// Whether the connection is out of its transaction and the file ends where
    /// memory ends.
    ///
    /// If a sync fails, either may be ahead of the other. With ids in memory
    /// that are not in the file, a retry would be called a duplicate and never
    /// be stored; the other way round, it would be stored twice. So the writer
    /// must be dropped and [opened](Self::open) again.
    pub(super) fn matches_file(&self) -> bool {
        self.connection.is_autocommit()
            && last_block(&self.connection).is_ok_and(|last| last == self.last_block)
    }

    /// The number of the last block.
    pub(super) fn last_block(&self) -> i64 {
        self.last_block
    }

    /// Whether the rollups have so much to write that a start would take long
    /// without.
    pub(super) fn is_flush_due(&self) -> bool {
        self.unflushed_rows >= limits::UNFLUSHED_ROWS
            || self.unflushed_blocks >= limits::UNFLUSHED_BLOCKS
    }

    /// Writes the rollups, so that their tables have everything that was
    /// committed. After an error the writer must be dropped.
    ///
    /// It needs no sync: what a loss of power takes is counted again from the
    /// blocks, and the log is written in order.
    pub(super) fn flush(&mut self) -> Result<(), StoreError> {
        if self.unflushed_blocks == 0 {
            return Ok(());
        }
        self.write_rollups()
            .map_err(|error| StoreError::database("write the counts in", &self.file, error))?;
        (self.unflushed_blocks, self.unflushed_rows) = (0, 0);
        Ok(())
    }

    fn write_rollups(&mut self) -> Result<(), Error> {
        self.connection.execute_batch("PRAGMA synchronous = NORMAL")?;
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        self.rollups.flush(&transaction)?;
        transaction
            .prepare_cached(include_str!("../sql/write_watermark.sql"))?
            .execute((self.last_block,))?;
        transaction.commit()?;
        self.connection.execute_batch("PRAGMA synchronous = FULL")
    }
}

fn last_block(connection: &Connection) -> Result<i64, Error> {
    connection
        .prepare_cached(include_str!("../sql/last_block.sql"))?
        .query_row((), |row| row.get(0))
}
