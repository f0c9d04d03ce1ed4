//! The store on ClickHouse keeps the promises of every store.
//!
//! These tests need a server: `HEADCOUNT_CLICKHOUSE` is its address without a
//! database, such as `clickhouse://127.0.0.1:8123`. Each fixture makes a
//! database of its own there.

use std::collections::HashSet;
use std::env;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use headcount_catalog::Day;

use headcount_testkit::Home;

use super::{ClickHouseAddress, ClickHouseSettings, ClickHouseStore, Client, Statement};
use crate::contract::{self, DuplicateAnswer, StoreFixture};
use crate::{
    AnswerRows, Commit, DayRows, Erasure, HousePolicy, HouseReport, Question, RowStatus, SpoolFill,
    Store, StoreError, StoreProblem,
};

/// A database and a spool.
pub(super) struct Fixture {
    home: Home,
    address: ClickHouseAddress,
    is_broken: Arc<AtomicBool>,
}

static DATABASES: AtomicU64 = AtomicU64::new(0);

impl Fixture {
    pub(super) fn new() -> Self {
        let server = env::var("HEADCOUNT_CLICKHOUSE").expect("HEADCOUNT_CLICKHOUSE is an address");
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let database = format!("headcount_{}_{number}", process::id());
        let own = |database: &str| {
            ClickHouseAddress::parse(&format!("{server}/{database}")).expect("an address")
        };
        let make = Statement::new(format!("CREATE DATABASE {database}"));
        Client::new(own("default")).run(&make).expect("the server makes a database");
        Self { home: Home::new(), address: own(&database), is_broken: Arc::default() }
    }

    pub(super) fn store(&self) -> ClickHouseStore {
        ClickHouseStore::open(ClickHouseSettings {
            address: self.address.clone(),
            spool: self.home.path().join("spool"),
            spool_bytes: u64::MAX,
            fresh_within: Duration::ZERO,
        })
        .expect("the server is there")
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let remove = Statement::new(format!("DROP DATABASE {}", self.address.database()));
        // What is left goes with the server of the test.
        let _ = Client::new(self.address.clone()).run(&remove);
    }
}

/// A store whose commits can be made to fail.
struct Breakable {
    store: ClickHouseStore,
    is_broken: Arc<AtomicBool>,
}

impl Store for Breakable {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        match self.is_broken.load(Ordering::Relaxed) {
            true => Err(StoreError::new("broken by the test")),
            false => self.store.append(commit),
        }
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        self.store.ask(question)
    }

    fn erase(&self, product: &str, person: Erasure) -> Result<u64, StoreError> {
        self.store.erase(product, person)
    }

    fn keep_house(&self, policy: &HousePolicy) -> Result<HouseReport, StoreError> {
        self.store.keep_house(policy)
    }

    fn read_events(
        &self,
        product: &str,
        days: (Day, Day),
        each: &mut dyn FnMut(&DayRows),
    ) -> Result<(), StoreError> {
        self.store.read_events(product, days, each)
    }

    fn health(&self) -> Result<(), StoreError> {
        self.store.health()
    }

    fn problems(&self) -> Vec<StoreProblem> {
        self.store.problems()
    }
}

impl StoreFixture for Fixture {
    fn open(&self) -> Box<dyn Store> {
        Box::new(Breakable { store: self.store(), is_broken: Arc::clone(&self.is_broken) })
    }

    fn break_commits(&self) {
        self.is_broken.store(true, Ordering::Relaxed);
    }

    fn mend_commits(&self) {
        self.is_broken.store(false, Ordering::Relaxed);
    }

    fn duplicate_answer(&self) -> DuplicateAnswer {
        DuplicateAnswer::PerhapsStored
    }
}

#[test]
#[ignore = "needs a server"]
fn every_promise_is_kept() {
    contract::check(&|| Box::new(Fixture::new()));
}

#[test]
#[ignore = "needs a server"]
fn what_is_acknowledged_arrives_and_what_is_sent_again_is_counted_once() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let commit = contract::sample_commit(7);
    let named = commit.rows.iter().flat_map(DayRows::named);
    let events: HashSet<_> = named.map(|row| (row.product(), row.day(), row.id())).collect();
    store.append(&commit).expect("the spool has room");
    drop(store);
    let store = fixture.store();
    store.append(&commit).expect("the spool has room");
    store.open.ship(None).expect("the server is there");
    assert_eq!(store.waiting(), SpoolFill::default());
    let count = Statement::new("SELECT count() FROM events FINAL");
    let (arrived,): (usize,) = store.open.client().row(&count).expect("a count");
    assert_eq!(arrived, events.len());
}
