//! The embedded store against its contract, and what can go wrong with a file
//! on disk.

mod analysis;
mod analysis_bounds;
mod background;
mod crash;
mod damage;
mod disk;
mod examine;
#[cfg(target_os = "linux")]
mod failing_writes;
mod format;
mod fuse;
mod health;
mod meanwhile;
mod naive_store;
mod raw_counts;
mod sealed_events;
mod file_asking_store;
mod sealing_store;

use std::path::Path;
use std::sync::Arc;

use headcount_catalog::{Day, EventId};
use headcount_testkit::Home;
use rusqlite::Connection;

use super::{EmbeddedStore, StoredEvents};
use crate::contract::{self, DuplicateAnswer, StoreFixture};
use crate::{
    AnswerRows, ColumnKind, ColumnShape, Commit, DayRows, Erasure, EventShape, HousePolicy,
    HouseReport, Question, RollupKind, RowDevice, RowHead, RowMarks, RowSchema, RowStatus, Store,
    StoreError,
};

const DAY: Day = Day::from_number(20_777);

/// A schema with one event and a column of each of a few kinds.
fn schema() -> Arc<RowSchema> {
    let event = EventShape { name: "run".to_owned(), across: Vec::new(), failure: None };
    let mut columns = vec![
        ColumnShape::plain("command", ColumnKind::Word),
        ColumnShape::plain("count", ColumnKind::Number),
        ColumnShape::plain("models", ColumnKind::Texts),
    ];
    columns[0].words = vec!["init".to_owned(), "update".to_owned()];
    columns[0].rollup = RollupKind::Values;
    Arc::new(RowSchema::new("atomic".to_owned(), vec![event], columns))
}

fn head(device: RowDevice) -> RowHead {
    RowHead { event: 0, weight: 1, marks: RowMarks::default(), device }
}

fn day_rows(day: Day, ids: impl IntoIterator<Item = u128>) -> DayRows {
    let mut rows = DayRows::new(schema(), day);
    for id in ids {
        rows.push(EventId::from_bits(id), head(RowDevice::None), []);
    }
    rows
}

fn commit(ids: impl IntoIterator<Item = u128>) -> Commit {
    of(vec![day_rows(DAY, ids)])
}

fn of(rows: Vec<DayRows>) -> Commit {
    Commit { rows, ..Commit::default() }
}

/// Appends, and returns the statuses of all rows.
fn append(store: &EmbeddedStore, commit: &Commit) -> Result<Vec<RowStatus>, StoreError> {
    store.append(commit).map(|statuses| statuses.concat())
}

fn total(store: &EmbeddedStore) -> u64 {
    match store.ask(&Question::Products).expect("a store answers") {
        AnswerRows::Products(rows) => rows.iter().map(|row| row.events).sum(),
        other => panic!("asked for products, answered {other:?}"),
    }
}

fn refusal(folder: &Path) -> StoreError {
    EmbeddedStore::open(folder).err().expect("the store must not open")
}

/// Which of the conditions that a caller may react to an error is.
#[derive(Debug, Default, PartialEq)]
struct Told {
    storage_full: bool,
    damaged: bool,
    busy: bool,
    permission_denied: bool,
    newer_format: bool,
}

impl Told {
    fn of(error: &StoreError) -> Self {
        Self {
            storage_full: error.is_storage_full(),
            damaged: error.is_damaged(),
            busy: error.is_busy(),
            permission_denied: error.is_permission_denied(),
            newer_format: error.is_newer_format(),
        }
    }
}

/// A second connection, as an operator's own `sqlite3` would have.
fn outside(folder: &Path) -> Connection {
    Connection::open(folder.join("headcount.db")).expect("the file is there")
}

impl StoreFixture for Home {
    fn open(&self) -> Box<dyn Store> {
        Box::new(EmbeddedStore::open(self.path()).expect("a home is writable"))
    }

    /// Outcomes are written last, when the transaction has everything else.
    fn break_commits(&self) {
        let trigger = "CREATE TRIGGER broken BEFORE INSERT ON outcome
                       BEGIN SELECT RAISE(ABORT, 'broken for a test'); END";
        outside(self.path()).execute_batch(trigger).expect("the store is between commits");
    }

    fn mend_commits(&self) {
        outside(self.path()).execute_batch("DROP TRIGGER broken").expect("it was broken");
    }

    /// Puts the files back that are there before the store drops, so that
    /// whatever it writes last is lost.
    fn crash(&self, store: Box<dyn Store>) {
        let files = ["headcount.db", "headcount.db-wal"].map(|name| self.path().join(name));
        let before = files.each_ref().map(|file| std::fs::read(file).ok());
        drop(store);
        for (file, before) in files.iter().zip(before) {
            if let Some(bytes) = before {
                std::fs::write(file, bytes).expect("a home is writable");
            }
        }
    }
}

#[test]
fn the_embedded_store_keeps_the_contract() {
    contract::check(&|| Box::new(Home::new()));
}

/// A store that finds duplicates later, as a clustered one does: it calls all
/// of them stored.
struct LateStore(Box<dyn Store>);

impl Store for LateStore {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        let mut statuses = self.0.append(commit)?;
        statuses.iter_mut().for_each(|rows| rows.fill(RowStatus::Stored));
        Ok(statuses)
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        self.0.ask(question)
    }

    fn erase(&self, product: &str, person: Erasure) -> Result<u64, StoreError> {
        self.0.erase(product, person)
    }

    fn keep_house(&self, policy: &HousePolicy) -> Result<HouseReport, StoreError> {
        self.0.keep_house(policy)
    }

    fn read_events(
        &self,
        product: &str,
        days: (Day, Day),
        each: &mut dyn FnMut(&DayRows),
    ) -> Result<(), StoreError> {
        self.0.read_events(product, days, each)
    }

    fn health(&self) -> Result<(), StoreError> {
        self.0.health()
    }
}

struct LateFixture(Home);

impl StoreFixture for LateFixture {
    fn open(&self) -> Box<dyn Store> {
        Box::new(LateStore(self.0.open()))
    }

    fn break_commits(&self) {
        self.0.break_commits();
    }

    fn mend_commits(&self) {
        self.0.mend_commits();
    }

    fn crash(&self, store: Box<dyn Store>) {
        self.0.crash(store);
    }

    fn duplicate_answer(&self) -> DuplicateAnswer {
        DuplicateAnswer::PerhapsStored
    }
}

#[test]
fn the_contract_allows_a_store_that_finds_duplicates_later() {
    contract::check(&|| Box::new(LateFixture(Home::new())));
}
