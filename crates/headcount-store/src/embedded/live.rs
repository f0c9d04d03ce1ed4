//! The writer's connection and memory, which are only ever right together.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Error};

use super::connection::{Access, open, trouble};
use super::memory::Memory;
use super::plan::plan;
use super::write::write;
use crate::{Commit, Kept, StoreError};

/// A connection, and a memory of everything committed through it and before it.
pub(super) struct Live {
    file: PathBuf,
    connection: Connection,
    memory: Memory,
    last_block: i64,
}

impl Live {
    /// Opens the file and reads what it has.
    pub(super) fn start(file: &Path) -> Result<Self, StoreError> {
        let connection = open(file, Access::Write)?;
        let memory = Memory::read(&connection, file)?;
        let last_block =
            last_block(&connection).map_err(|error| trouble("reading", file, &error))?;
        Ok(Self { file: file.to_path_buf(), connection, memory, last_block })
    }

    /// One durable commit. After an error, see [`is_as_it_was`](Self::is_as_it_was).
    pub(super) fn append(&mut self, commit: &Commit<'_>) -> Result<Vec<Kept>, StoreError> {
        let plan = plan(&self.memory, commit);
        write(&mut self.connection, &plan)
            .map_err(|error| trouble("committing to", &self.file, &error))?;
        for day in &plan.days {
            let ids = day.columns.ids().iter().copied();
            let devices = day.columns.devices().iter().copied();
            self.memory.remember_day(day.product, day.day, ids, devices);
        }
        for new in &plan.new_values {
            self.memory.remember_value(new);
        }
        self.last_block += plan.days.len() as i64;
        Ok(plan.kept)
    }

    /// Whether, after an error, the connection is out of its transaction and the file ends where
    /// memory ends. Where a sync fails this need not be so; then this is to be dropped and
    /// [started](Self::start) again, since with ids in memory that are not in the file a retry would
    /// be a duplicate that was never stored, and the other way round it would be stored twice.
    pub(super) fn is_as_it_was(&self) -> bool {
        self.connection.is_autocommit()
            && last_block(&self.connection).is_ok_and(|last| last == self.last_block)
    }

    /// For tests that limit or break the connection from inside.
    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }
}

fn last_block(connection: &Connection) -> Result<i64, Error> {
    connection
        .prepare_cached(include_str!("../sql/last_block.sql"))?
        .query_row((), |row| row.get(0))
}
