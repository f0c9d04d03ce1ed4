//! The embedded store: one folder, one SQLite file, one writer.
//!
//! ```text
//! DATA/headcount.lock      locked by the one process that has the store open
//! DATA/headcount.db        blocks, rollups, outcomes
//! DATA/headcount.db-wal    SQLite's write-ahead log, while the store is open
//! ```
//!
//! An append takes three steps under one mutex, so that an event is called a
//! duplicate only when the first one is on disk: `plan` decides from memory
//! alone which events are new, `transaction` writes the plan, and only then
//! does `memory` remember what is new. A commit that fails leaves nothing
//! behind in memory, so a retry of it is not a duplicate.
//!
//! Questions have a connection of their own. With a write-ahead log, a reader
//! sees the last commit and does not wait for the next one.

mod connection;
mod memory;
mod device_counts;
mod plan;
mod transaction;
mod stored_events;
mod writer;
mod ask;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use headcount_catalog::Day;
use rusqlite::{Connection, params};

use crate::{
    AnswerRows, Commit, DataFolder, Erasure, EventRow, Question, RowStatus, Store, StoreError,
    block,
};
use connection::OpenMode;
use writer::DatabaseWriter;

pub use stored_events::StoredEvents;

/// The file that is locked while the store is open.
const LOCK: &str = "headcount.lock";

/// A [`Store`] that keeps everything in one SQLite file.
pub struct EmbeddedStore {
    // Fields are dropped in this order: SQLite cleans up when its last
    // connection closes, which is the writer, and only then may another process
    // open the folder.
    reader: Mutex<Connection>,
    writer: Mutex<Option<DatabaseWriter>>,
    _folder: DataFolder,
    file: PathBuf,
}

impl EmbeddedStore {
    /// Opens the store in a data folder. Creates the folder and the file if
    /// they do not exist, readable by their owner alone. Reads every block once
    /// to learn its ids and devices.
    ///
    /// # Errors
    ///
    /// Returns an error, and changes nothing, if
    /// - the folder cannot be used, or another process has the store open;
    /// - the file is damaged, has a newer format or belongs to another program.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let folder = DataFolder::lock(folder, LOCK)?;
        let file = connection::create_file(&folder)?;
        let writer = DatabaseWriter::open(&file)?;
        let reader = connection::open(&file, OpenMode::Questions)?;
        let (reader, writer) = (Mutex::new(reader), Mutex::new(Some(writer)));
        Ok(Self { reader, writer, _folder: folder, file })
    }

    /// Calls `each` with every raw event of a product from one day to another,
    /// both included, commit by commit. It is meant for tools, not for
    /// questions: it reads and decodes every block. It has a connection of its
    /// own, so neither commits nor questions wait for it.
    ///
    /// # Errors
    ///
    /// Returns an error if a block cannot be read or is damaged. Events before
    /// it have been passed to `each`.
    pub fn each_event(
        &self,
        product: &str,
        from: Day,
        to: Day,
        mut each: impl FnMut(&EventRow<'_>),
    ) -> Result<(), StoreError> {
        let file = self.file.as_path();
        let connection = connection::open(file, OpenMode::Questions)?;
        let reading = |error| StoreError::database("read the events in", file, error);
        let mut statement =
            connection.prepare(include_str!("sql/each_event.sql")).map_err(reading)?;
        let mut rows =
            statement.query(params![product, from.number(), to.number()]).map_err(reading)?;
        while let Some(row) = rows.next().map_err(reading)? {
            let number = row.get(0).map_err(reading)?;
            let day = Day::from_number(row.get(1).map_err(reading)?);
            let body = row.get_ref(2).and_then(|body| Ok(body.as_blob()?)).map_err(reading)?;
            let events = block::decode(product, day, body)
                .map_err(|damage| StoreError::block(file, number, damage))?;
            events.iter().for_each(&mut each);
        }
        Ok(())
    }
}

impl Store for EmbeddedStore {
    fn append(&self, commit: &Commit<'_>) -> Result<Vec<RowStatus>, StoreError> {
        if commit.rows.is_empty() && commit.unstored.is_empty() {
            return Ok(Vec::new());
        }
        // There is no writer after a panic in an append, or after a failed
        // commit that left the writer's memory in doubt: the file is read
        // again.
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open = match writer.take() {
            Some(open) => open,
            None => DatabaseWriter::open(&self.file)?,
        };
        let appended = open.append(commit);
        if appended.is_ok() || open.matches_file() {
            *writer = Some(open);
        }
        appended
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        ask::ask(&reader, question)
            .map_err(|error| StoreError::database("answer a question from", &self.file, error))
    }

    fn erase(&self, product: &str, person: Erasure) -> Result<u64, StoreError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        drop(writer.take());
        let connection = connection::open(&self.file, OpenMode::Commits)?;
        let failed = |error| StoreError::database("erase events in", &self.file, error);
        let mut blocks: Vec<(i64, i32, Vec<u8>)> = Vec::new();
        {
            let mut statement =
                connection.prepare(include_str!("sql/each_event.sql")).map_err(failed)?;
            let mut rows = statement.query(params![product, i32::MIN, i32::MAX]).map_err(failed)?;
            while let Some(row) = rows.next().map_err(failed)? {
                let block = (|| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))().map_err(failed)?;
                blocks.push(block);
            }
        }
        let mut erased = 0;
        for (number, day, body) in blocks {
            let mut events = block::decode(product, Day::from_number(day), &body)
                .map_err(|damage| StoreError::block(&self.file, number, damage))?;
            let before = events.len();
            events.retain(|event| match person {
                Erasure::Device(device) => event.device != Some(device),
                Erasure::Account(account) => !event
                    .columns
                    .iter()
                    .any(|column| column.cell == crate::Cell::Pseudonym(account)),
            });
            if events.len() < before {
                erased += (before - events.len()) as u64;
                let mut columns = block::Columns::new();
                events.iter().for_each(|event| columns.push(event));
                let body = block::encode(&columns);
                let sql = "UPDATE block SET body = ?2, rows = ?3 WHERE number = ?1";
                let rows = events.len() as i64;
                connection.execute(sql, params![number, body, rows]).map_err(failed)?;
            }
        }
        Ok(erased)
    }
}
