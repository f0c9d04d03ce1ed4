//! The embedded store against its contract, and what can go wrong with a file
//! on disk.

mod crash;
mod damage;
mod disk;

use std::path::Path;

use headcount_catalog::{Day, EventId};
use headcount_testkit::Home;
use rusqlite::Connection;

use super::EmbeddedStore;
use crate::contract::{self, DuplicateAnswer, StoreFixture};
use crate::{AnswerRows, Commit, DeviceMarks, EventRow, Question, RowStatus, Store, StoreError};

const DAY: Day = Day::from_number(20_777);

fn event(id: u128) -> EventRow<'static> {
    let id = EventId::from_bits(id);
    let (marks, columns) = (DeviceMarks::default(), Vec::new());
    EventRow { product: "atomic", day: DAY, id, event: "run", device: None, marks, columns }
}

fn commit(ids: impl IntoIterator<Item = u128>) -> Commit<'static> {
    Commit { rows: ids.into_iter().map(event).collect(), unstored: Vec::new() }
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
}

#[test]
fn the_embedded_store_keeps_the_contract() {
    contract::check(&|| Box::new(Home::new()));
}

/// A store that finds duplicates later, as a clustered one does: it calls all
/// of them stored.
struct LateStore(Box<dyn Store>);

impl Store for LateStore {
    fn append(&self, commit: &Commit<'_>) -> Result<Vec<RowStatus>, StoreError> {
        Ok(vec![RowStatus::Stored; self.0.append(commit)?.len()])
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        self.0.ask(question)
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

    fn duplicate_answer(&self) -> DuplicateAnswer {
        DuplicateAnswer::PerhapsStored
    }
}

#[test]
fn the_contract_allows_a_store_that_finds_duplicates_later() {
    contract::check(&|| Box::new(LateFixture(Home::new())));
}
