//! The connection that commits, and the memory that must match what it has
//! committed.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Error};

use super::connection::{OpenMode, open};
use super::device_counts::all_devices;
use super::memory::Memory;
use super::plan::plan;
use super::transaction::{fill, write};
use crate::{Commit, RowStatus, StoreError};

/// A connection, and a memory of everything that was committed through it and
/// before it.
pub(super) struct DatabaseWriter {
    file: PathBuf,
    connection: Connection,
    memory: Memory,
    /// The number of the last block, as far as `memory` goes.
    last_block: i64,
}

impl DatabaseWriter {
    /// Opens the file and reads all of it.
    pub(super) fn open(file: &Path) -> Result<Self, StoreError> {
        let mut connection = open(file, OpenMode::Commits)?;
        let memory = Memory::read(&connection, file)?;
        fill_weeks(&mut connection, &memory)
            .map_err(|error| StoreError::database("commit to", file, error))?;
        let last_block =
            last_block(&connection).map_err(|error| StoreError::database("read", file, error))?;
        Ok(Self { file: file.to_path_buf(), connection, memory, last_block })
    }

    /// Makes a commit durable. After an error, ask
    /// [`matches_file`](Self::matches_file) whether this writer may be used
    /// again.
    pub(super) fn append(&mut self, commit: &Commit<'_>) -> Result<Vec<RowStatus>, StoreError> {
        let plan = plan(&self.memory, commit);
        write(&mut self.connection, &plan)
            .map_err(|error| StoreError::database("commit to", &self.file, error))?;
        for day in &plan.days {
            let ids = day.columns.ids().iter().copied();
            let devices = day.columns.devices().iter().copied();
            self.memory.remember_day(day.product, day.day, ids, devices);
        }
        for new in &plan.new_values {
            self.memory.remember_value(new);
        }
        self.last_block += plan.days.len() as i64;
        Ok(plan.statuses)
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

    /// The connection, for tests that limit or break it.
    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// Counts the weeks and months of a file that has days only.
fn fill_weeks(connection: &mut Connection, memory: &Memory) -> Result<(), Error> {
    let lacks_weeks = include_str!("../sql/lacks_weeks.sql");
    if connection.query_row(lacks_weeks, (), |row| row.get(0))? {
        fill(connection, &all_devices(memory))?;
    }
    Ok(())
}

fn last_block(connection: &Connection) -> Result<i64, Error> {
    connection
        .prepare_cached(include_str!("../sql/last_block.sql"))?
        .query_row((), |row| row.get(0))
}
