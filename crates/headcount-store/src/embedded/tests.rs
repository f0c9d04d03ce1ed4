//! The embedded store under its contract, and what only a file on disk can do wrong.

mod crash;
mod damage;
mod disk;

use std::path::Path;

use headcount_catalog::{Day, EventId};
use headcount_testkit::Home;
use rusqlite::Connection;

use super::EmbeddedStore;
use crate::contract::{self, Duplicates, Place};
use crate::{Answer, Arrival, Commit, Kept, Question, Store, StoreError};

const DAY: Day = Day::from_number(20_777);

fn event(id: u128) -> Arrival<'static> {
    let id = EventId::from_bits(id);
    Arrival { product: "atomic", day: DAY, id, event: "run", device: None, columns: Vec::new() }
}

fn commit(ids: impl IntoIterator<Item = u128>) -> Commit<'static> {
    Commit { arrivals: ids.into_iter().map(event).collect(), tallies: Vec::new() }
}

fn total(store: &EmbeddedStore) -> u64 {
    match store.ask(&Question::Products).expect("a store answers") {
        Answer::Products(rows) => rows.iter().map(|row| row.events).sum(),
        other => panic!("asked for products, answered {other:?}"),
    }
}

fn refusal(folder: &Path) -> String {
    EmbeddedStore::open(folder).err().expect("it must not open").to_string()
}

/// A second connection, as an operator's own `sqlite3` would have.
fn outside(folder: &Path) -> Connection {
    Connection::open(folder.join("headcount.db")).expect("the file is there")
}

impl Place for Home {
    fn open(&self) -> Box<dyn Store> {
        Box::new(EmbeddedStore::open(self.path()).expect("a home is writable"))
    }

    /// Outcomes are written last: by then the transaction has everything else.
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
fn it_holds_to_the_contract() {
    contract::check(&|| Box::new(Home::new()));
}

/// A store that finds duplicates out later, as a clustered one: it calls all of them stored.
struct Late(Box<dyn Store>);

impl Store for Late {
    fn append(&self, commit: &Commit<'_>) -> Result<Vec<Kept>, StoreError> {
        Ok(vec![Kept::Stored; self.0.append(commit)?.len()])
    }

    fn ask(&self, question: &Question) -> Result<Answer, StoreError> {
        self.0.ask(question)
    }
}

struct LatePlace(Home);

impl Place for LatePlace {
    fn open(&self) -> Box<dyn Store> {
        Box::new(Late(self.0.open()))
    }

    fn break_commits(&self) {
        self.0.break_commits();
    }

    fn mend_commits(&self) {
        self.0.mend_commits();
    }

    fn duplicates(&self) -> Duplicates {
        Duplicates::PerhapsCalledStored
    }
}

#[test]
fn the_contract_has_room_for_a_store_that_finds_duplicates_later() {
    contract::check(&|| Box::new(LatePlace(Home::new())));
}
