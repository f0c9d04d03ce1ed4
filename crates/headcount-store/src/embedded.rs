//! The embedded store: one folder, one SQLite file, one writer.
//!
//! ```text
//! DATA/headcount.lock      held by the one process that has the store open
//! DATA/headcount.db        blocks, rollups, outcomes
//! DATA/headcount.db-wal    SQLite's own, beside it while the store is open
//! ```
//!
//! An append goes through three steps under one mutex, so that a duplicate is answered only when
//! its original is on disk: `plan` decides from memory alone what is new; `write` puts the plan
//! into one transaction; `Memory` takes in what is new only after that. A commit that fails leaves
//! nothing behind in memory, and a retry of it is no duplicate.
//!
//! Questions have a connection of their own: with a write-ahead log, a reader sees the last commit
//! and waits for none.

mod ask;
mod connection;
mod folder;
mod live;
mod memory;
mod plan;
mod write;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use headcount_catalog::Day;
use rusqlite::{Connection, params};

use crate::{Answer, Arrival, Commit, Kept, Question, Store, StoreError, block};
use connection::Access;
use folder::Folder;
use live::Live;

/// Keeps everything in one SQLite file. See [`Store`].
pub struct EmbeddedStore {
    // In this order they are dropped: SQLite tidies up when the writer, the last connection, goes,
    // and only then may another process come in.
    reader: Mutex<Connection>,
    writer: Mutex<Option<Live>>,
    folder: Folder,
}

impl EmbeddedStore {
    /// Opens the store in a data folder; what is not there yet is made, for its owner's eyes only.
    /// Reads every block once to know which ids it has.
    ///
    /// # Errors
    /// Where the folder cannot be used, another process has it open, or the file in it is damaged,
    /// of a newer format or not a store at all. Nothing is changed then.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let folder = Folder::enter(folder)?;
        let live = Live::start(folder.database())?;
        let reader = connection::open(folder.database(), Access::Read)?;
        Ok(Self { reader: Mutex::new(reader), writer: Mutex::new(Some(live)), folder })
    }

    /// Hands out every raw event of a product from one day to another, both inclusive, commit by
    /// commit. For tools, not for questions: it reads and decodes every block. On a connection of
    /// its own, so that neither commits nor questions wait.
    ///
    /// # Errors
    /// Where a block cannot be read or is damaged.
    pub fn each_event(
        &self,
        product: &str,
        from: Day,
        to: Day,
        mut each: impl FnMut(&Arrival<'_>),
    ) -> Result<(), StoreError> {
        let file = self.folder.database();
        let connection = connection::open(file, Access::Read)?;
        let trouble = |error| connection::trouble("reading the events in", file, &error);
        let mut statement =
            connection.prepare(include_str!("sql/each_event.sql")).map_err(trouble)?;
        let mut rows =
            statement.query(params![product, from.number(), to.number()]).map_err(trouble)?;
        while let Some(row) = rows.next().map_err(trouble)? {
            let number = row.get(0).map_err(trouble)?;
            let day = Day::from_number(row.get(1).map_err(trouble)?);
            let body = row.get_ref(2).and_then(|body| Ok(body.as_blob()?)).map_err(trouble)?;
            let arrivals = block::decode(product, day, body)
                .map_err(|damage| connection::damaged(file, number, damage))?;
            arrivals.iter().for_each(&mut each);
        }
        Ok(())
    }
}

impl Store for EmbeddedStore {
    fn append(&self, commit: &Commit<'_>) -> Result<Vec<Kept>, StoreError> {
        if commit.arrivals.is_empty() && commit.tallies.is_empty() {
            return Ok(Vec::new());
        }
        // A panic in an append has taken `Live` with it, so that the next one starts afresh.
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut live = match writer.take() {
            Some(live) => live,
            None => Live::start(self.folder.database())?,
        };
        let appended = live.append(commit);
        if appended.is_ok() || live.is_as_it_was() {
            *writer = Some(live);
        }
        appended
    }

    fn ask(&self, question: &Question) -> Result<Answer, StoreError> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        ask::ask(&reader, question).map_err(|error| {
            connection::trouble("answering a question from", self.folder.database(), &error)
        })
    }
}
