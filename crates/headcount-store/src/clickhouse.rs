//! The store on ClickHouse: events are durable here before they are
//! acknowledged, and everything else is the server's.
//!
//! ```text
//! append --> spool (synced) --> acknowledged          ask, erase, keep_house
//!              | sealed batches, in order                       |
//!              v the same bytes and token on every try          v
//!            events, batches, outcomes, rejected  ----->  questions in SQL
//! ```
//!
//! Any number of collectors ship to one database. A batch that arrives twice,
//! from one collector or from two, is counted once: its events lie under their
//! own product, day and id. New events are added to the counts of their day
//! (`sql/tables/004_cells.sql`), and a question adds what no count contains
//! yet.
//!
//! While the server is away, commits go on until the spool is full.

mod address;
mod locked;
mod sql_files;
mod problem;
mod statement;
mod request_body;
mod client;
mod migration;
mod row_binary;
mod node_number;
mod shipper;
mod sql_day;
mod new_batches;
mod ask;
mod house;
mod server;
mod slow_answers;
mod open_store;
mod read_events;
mod background;
mod moving;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use headcount_catalog::Day;

use crate::{
    AnswerRows, Commit, DayRows, Erasure, HousePolicy, HouseReport, Question, RowStatus, Spool,
    SpoolFill, Store, StoreError, StoreProblem,
};
use background::Background;
use client::Client;
use new_batches::NewBatches;
use open_store::OpenStore;
use problem::Problem;
use statement::Statement;

pub use address::ClickHouseAddress;

pub use moving::{MovedDay, move_events};

/// Where a store on ClickHouse keeps what.
#[derive(Debug, Clone)]
pub struct ClickHouseSettings {
    /// The server.
    pub address: ClickHouseAddress,
    /// The folder of the spool; it is made if it is not there.
    pub spool: PathBuf,
    /// Bytes that the spool may have.
    pub spool_bytes: u64,
    /// How old an acknowledged event may be that an answer does not have yet.
    /// Batches are shipped so often. Answers about devices that take longer
    /// than a quarter of a second are given again for up to five minutes. Zero
    /// ships before each question, and asks each anew.
    pub fresh_within: Duration,
}

/// A [`Store`] whose events lie in ClickHouse.
pub struct ClickHouseStore {
    // Dropped first, so that nothing is shipped any more when the spool closes.
    _background: Background,
    open: Arc<OpenStore>,
}

impl ClickHouseStore {
    /// Opens the spool, and makes the tables if they are not there. Once a
    /// spool has been used, the server need not be there: commits wait for it,
    /// and [`Store::problems`] says so.
    ///
    /// # Errors
    ///
    /// - [`StoreError::is_busy`] if another process has the spool open.
    /// - [`StoreError::is_damaged`] if the spool has other bytes than it
    ///   writes.
    /// - Any other error if the spool cannot be written, or, with a new spool,
    ///   if the server cannot be reached, refuses, or has tables of a newer
    ///   version.
    pub fn open(settings: ClickHouseSettings) -> Result<Self, StoreError> {
        Self::open_with_log(settings, Arc::new(|_| ()))
    }

    /// As [`open`](Self::open). `log` is told, one line without a full stop,
    /// why nothing can be shipped, and when that is over.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`open`](Self::open).
    pub fn open_with_log(
        settings: ClickHouseSettings,
        log: Arc<dyn Fn(&str) + Send + Sync>,
    ) -> Result<Self, StoreError> {
        let ClickHouseSettings { address, spool, spool_bytes, fresh_within } = settings;
        let spool = Spool::open(&spool, spool_bytes)?;
        let open = Arc::new(OpenStore::new(Client::new(address), spool, fresh_within, log)?);
        Ok(Self { _background: Background::start(&open)?, open })
    }

    /// Whether a server answers, the user may ask, and tables that are there
    /// are not of a newer version. Whether the user may write is not tried: it
    /// changes nothing.
    ///
    /// # Errors
    ///
    /// Returns an error that says what stands in the way.
    pub fn check(address: &ClickHouseAddress) -> Result<(), StoreError> {
        migration::look(&Client::new(address.clone()))
    }
}

impl Store for ClickHouseStore {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        self.open.append(commit)?;
        let stored = |rows: &DayRows| vec![RowStatus::Stored; rows.len()];
        Ok(commit.rows.iter().map(stored).collect())
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        self.open.ask(question)
    }

    fn erase(&self, product: &str, person: Erasure) -> Result<u64, StoreError> {
        self.open.ship()?;
        let erased = self.open.server().keep(|keeper| house::erase(keeper, product, person));
        self.open.forget_answers();
        erased
    }

    fn keep_house(&self, policy: &HousePolicy) -> Result<HouseReport, StoreError> {
        self.open.ship()?;
        let kept = self.open.server().keep(|keeper| house::keep_house(keeper, policy));
        // It may have gone on with an erasure.
        self.open.forget_answers();
        kept
    }

    fn read_events(
        &self,
        product: &str,
        days: (Day, Day),
        each: &mut dyn FnMut(&DayRows),
    ) -> Result<(), StoreError> {
        read_events::read_events(self.open.server().client(), product, days, each)
    }

    fn health(&self) -> Result<(), StoreError> {
        self.open.spool().health()
    }

    fn problems(&self) -> Vec<StoreProblem> {
        let problem = "it takes no events: they wait on this machine, and answers lack them; the \
                       operator's log says why";
        let told = self.open.problem().map(|_| StoreProblem { part: "ClickHouse", problem });
        told.into_iter().collect()
    }

    fn waiting(&self) -> Option<SpoolFill> {
        Some(self.open.spool().fill())
    }
}
