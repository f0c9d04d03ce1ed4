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
//! A thread seals days that have many fresh rows, a slice at a time
//! (`sealing`). Everyone waits for at most the slice that is running.
//!
//! Questions have a connection of their own. A question waits for the commit
//! that is running, because the rollups are written first; it reads while the
//! next one runs. Those that no rollup answers read raw events, one question at
//! a time (`raw_counts`).

mod seams;
mod connection;
mod migration;
mod schemas;
mod ids;
mod fresh_blocks;
mod sealing;
mod rollups;
mod raw_counts;
mod dedup;
mod transaction;
mod writer;
mod writer_slices;
mod open_store;
mod stored_events;
mod stored_answers;
mod examine;
mod backup;
mod analysis;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use headcount_catalog::Day;

use crate::{
    AnswerRows, Commit, DayRows, Erasure, HousePolicy, HouseReport, Question, RowStatus, Store,
    StoreError,
};
use open_store::OpenStore;
use sealing::{Sealable as _, Sealer};

pub use analysis::{
    Analysis, AnalysisColumn, AnalysisError, AnalysisLimits, AnalysisRows, AnalysisSource,
    AnalysisTable, AnalysisValue, FUNCTIONS,
};
#[cfg(feature = "clickhouse")]
pub(crate) use rollups::{Coding, EventOutcome, FLAGS, PLAIN_EXIT_CODES, failure_rules};

pub use backup::copy_store;
pub use examine::{BooksReport, examine};
pub use stored_answers::StoredAnswers;
pub use stored_events::StoredEvents;

/// A [`Store`] that keeps everything in one SQLite file.
pub struct EmbeddedStore {
    // Dropped first, so that nothing is sealed any more when the file closes.
    _sealer: Sealer<OpenStore>,
    open: Arc<OpenStore>,
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
        Self::open_with_log(folder, Arc::new(|_| ()))
    }

    /// As [`open`](Self::open). `log` is told, one line without a full stop,
    /// why events cannot be sealed in the background. It is tried again.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`open`](Self::open).
    pub fn open_with_log(
        folder: &Path,
        log: Arc<dyn Fn(&str) + Send + Sync>,
    ) -> Result<Self, StoreError> {
        let open = Arc::new(OpenStore::open(folder)?);
        let sealer = Sealer::start(&open, log)
            .map_err(|error| StoreError::with_source("cannot start a thread", error))?;
        Ok(Self { _sealer: sealer, open })
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
        StoredEvents::of(self.open.file())?.each_rows(product, from, to, each)
    }
}

impl Store for EmbeddedStore {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        self.open.append(commit)
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        self.open.ask(question)
    }

    fn erase(&self, product: &str, person: Erasure) -> Result<u64, StoreError> {
        self.open.erase(product, person)
    }

    fn keep_house(&self, policy: &HousePolicy) -> Result<HouseReport, StoreError> {
        self.open.keep_house(policy)
    }

    fn read_events(
        &self,
        product: &str,
        days: (Day, Day),
        each: &mut dyn FnMut(&DayRows),
    ) -> Result<(), StoreError> {
        self.each_rows(product, days.0, days.1, each)
    }

    fn health(&self) -> Result<(), StoreError> {
        self.open.health()
    }
}

#[cfg(test)]
impl EmbeddedStore {
    /// Makes smaller segments, so that a test has many. They are made by
    /// `keep_house` alone.
    fn seal_after(&mut self, rows: usize) {
        self.set_run_rows(rows);
    }

    fn set_run_rows(&self, rows: usize) {
        self.open.house().set_seal_rows(rows);
        let mut writer = self.open.writer.lock().unwrap();
        writer.iter_mut().for_each(|writer| writer.ids.set_run_rows(rows));
    }

    /// Makes them in the background, too.
    fn seal_in_background_after(&self, rows: usize) {
        self.set_run_rows(rows);
        self.backlog().set_seal_rows(rows);
    }

    fn backlog(&self) -> &sealing::Backlog {
        &self.open.house().backlog
    }
}
