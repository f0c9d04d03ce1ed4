//! The embedded store: one folder, one SQLite file, one writer.
//!
//! ```text
//! DATA/headcount.lock      locked by the one process that has the store open
//! DATA/headcount.db        events, rollups, outcomes
//! DATA/headcount.db-wal    SQLite's write-ahead log, while the store is open
//! ```
//!
//! An append takes four steps under one mutex, so that an event is called a
//! duplicate only when the first one is on disk: `dedup` decides which events
//! are new, `transaction` writes them as blocks, with one sync, and only then
//! are they counted. A commit that fails leaves nothing behind in memory, so a
//! retry of it is not a duplicate.
//!
//! Rollups are added up in memory, and written with a watermark: the last block
//! that they contain. When the store opens, the blocks after it are counted
//! again. `seams` says what meets what.
//!
//! Questions have a connection of their own. A question waits for the commit
//! that is running, because the rollups are written first; it reads while the
//! next one runs.

mod seams;
mod connection;
mod migration;
mod schemas;
mod fresh_ids;
mod fresh_blocks;
mod sealing;
mod rollups;
mod dedup;
mod transaction;
mod writer;
mod writer_slices;
mod file_identity;
mod stored_events;
mod examine;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, TryLockError};

use headcount_catalog::Day;
use rusqlite::Connection;

use crate::{
    AnswerRows, Commit, DataFolder, DayRows, Erasure, HousePolicy, HouseReport, Question,
    RowStatus, Store, StoreError,
};
use connection::OpenMode;
use file_identity::FileIdentity;
use sealing::House;
use writer::DatabaseWriter;
use writer_slices::WriterSlices;

pub use examine::{BooksReport, examine};
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
    house: House,
    _folder: DataFolder,
    file: PathBuf,
    identity: FileIdentity,
}

impl EmbeddedStore {
    /// Opens the store in a data folder. Creates the folder and the file if
    /// they do not exist, readable by their owner alone, and migrates a file of
    /// an older format. Reads the ids of all events that are not sealed yet.
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
        let identity = FileIdentity::of(file.clone())?;
        let (reader, writer) = (Mutex::new(reader), Mutex::new(Some(writer)));
        Ok(Self { reader, writer, house: House::default(), _folder: folder, file, identity })
    }

    /// Calls `each` with all raw events of a product from one day to another,
    /// both included, as [`StoredEvents::each_rows`] does. It has a connection
    /// of its own, so neither commits nor questions wait for it.
    ///
    /// # Errors
    ///
    /// Returns an error if a part of the file cannot be read or is damaged.
    /// Events before it have been passed to `each`.
    pub fn each_rows(
        &self,
        product: &str,
        from: Day,
        to: Day,
        each: impl FnMut(&DayRows),
    ) -> Result<(), StoreError> {
        StoredEvents::of(&self.file)?.each_rows(product, from, to, each)
    }
}

#[cfg(test)]
impl EmbeddedStore {
    /// Seals smaller segments, so that a test has many.
    fn seal_after(&mut self, rows: usize) {
        self.house.seal_rows = rows;
    }
}

impl WriterSlices for EmbeddedStore {
    fn with_writer<T>(
        &self,
        slice: impl FnOnce(&mut DatabaseWriter) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.identity.check()?;
        // There is no writer after a panic in a slice, or after an error that
        // left the writer's memory in doubt: the file is read again.
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open = match writer.take() {
            Some(open) => open,
            None => DatabaseWriter::open(&self.file)?,
        };
        let done = slice(&mut open)?;
        *writer = Some(open);
        Ok(done)
    }
}

impl Store for EmbeddedStore {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        self.identity.check()?;
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open = match writer.take() {
            Some(open) => open,
            None => DatabaseWriter::open(&self.file)?,
        };
        let appended = open.append(commit);
        // What is on disk is acknowledged, also if the rollups cannot be
        // written now: the next writer counts it again.
        let is_usable = match &appended {
            Ok(_) => !open.is_flush_due() || open.flush().is_ok(),
            Err(_) => open.matches_file(),
        };
        if is_usable {
            *writer = Some(open);
        }
        appended
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        let live = self.with_writer(|writer| {
            writer.flush()?;
            Ok(writer.rollups.live_devices(question))
        })?;
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        rollups::ask(&reader, question, &live)
            .map_err(|error| StoreError::database("answer a question from", &self.file, error))
    }

    fn erase(&self, product: &str, person: Erasure) -> Result<u64, StoreError> {
        sealing::erase(self, &self.house, &self.file, product, &[person])
    }

    fn keep_house(&self, policy: &HousePolicy) -> Result<HouseReport, StoreError> {
        sealing::keep_house(self, &self.house, &self.file, policy)
    }

    fn health(&self) -> Result<(), StoreError> {
        self.identity.check()?;
        let writer = match self.writer.try_lock() {
            Ok(writer) => writer,
            Err(TryLockError::Poisoned(writer)) => writer.into_inner(),
            // A commit is running.
            Err(TryLockError::WouldBlock) => return Ok(()),
        };
        let checked = writer.as_ref().map(DatabaseWriter::check_log);
        drop(writer);
        // A writer that was lost is opened again, if that is possible.
        checked.unwrap_or_else(|| self.with_writer(|_| Ok(())))
    }
}

impl Drop for EmbeddedStore {
    /// Writes the rollups, so that the next start has nothing to count again.
    /// After an error it counts them again.
    fn drop(&mut self) {
        let writer = self.writer.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(writer) = writer
            && self.identity.check().is_ok()
        {
            let _ = writer.flush();
        }
    }
}
