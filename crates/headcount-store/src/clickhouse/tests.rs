//! The store on ClickHouse keeps the promises of every store.
//!
//! These tests need a server: `HEADCOUNT_CLICKHOUSE` is its address without a
//! database, such as `clickhouse://127.0.0.1:8123`. Each fixture makes a
//! database of its own there.

use std::collections::{BTreeMap, HashSet};
use std::env;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use headcount_catalog::{Day, EventId};
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
    cuts: Option<Arc<AtomicU64>>,
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
        Self { home: Home::new(), address: own(&database), is_broken: Arc::default(), cuts: None }
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

/// A store whose commits can be made to fail, and whose house is kept by
/// collectors that die.
struct Breakable {
    store: ClickHouseStore,
    is_broken: Arc<AtomicBool>,
    /// If the books are kept by collectors that die, how often one has.
    cuts: Option<Arc<AtomicU64>>,
}

/// Collectors that die before one of them lives on, and the most statements
/// that one of them runs.
const CUTS: u64 = 2;
const CUT_WITHIN: u64 = 60;

impl Breakable {
    fn number(&self, sql: &str) -> u64 {
        let number = self.store.open.server().client().row(&Statement::new(sql));
        number.map(|(number,)| number).expect("a number")
    }

    fn sums(&self) -> Vec<(String, u64)> {
        match self.store.ask(&Question::Products).expect("the server is there") {
            AnswerRows::Products(rows) => {
                rows.into_iter().map(|row| (row.product, row.events)).collect()
            }
            other => panic!("asked for products, answered {other:?}"),
        }
    }

    /// Lets some collectors die while they do it, and another one go on. Counts
    /// of events stay the same. Returns how many events that were.
    fn cut(&self, cuts: &AtomicU64, run: impl Fn() -> Result<u64, StoreError>) -> u64 {
        const EVENTS: &str = "SELECT count() FROM events FINAL";
        self.store.open.ship().expect("the server is there");
        let (before, sums) = (self.number(EVENTS), self.sums());
        for _ in 0..CUTS {
            let nth = cuts.fetch_add(1, Ordering::Relaxed);
            let after = i64::try_from(nth * 17 % CUT_WITHIN).expect("few statements");
            self.store.open.server().client().cut.store(after, Ordering::Relaxed);
            let _ = run();
            self.store.open.server().client().cut.store(-1, Ordering::Relaxed);
            for (product, events) in self.sums() {
                let was = sums.iter().find(|(own, _)| *own == product);
                assert_eq!(was.map(|(_, events)| *events), Some(events), "{product} after {after}");
            }
        }
        run().expect("the server is there");
        before - self.number(EVENTS)
    }
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
        match &self.cuts {
            None => self.store.erase(product, person),
            Some(cuts) => Ok(self.cut(cuts, || self.store.erase(product, person))),
        }
    }

    fn keep_house(&self, policy: &HousePolicy) -> Result<HouseReport, StoreError> {
        let Some(cuts) = &self.cuts else { return self.store.keep_house(policy) };
        let keep = || self.store.keep_house(policy).map(|report| report.expired);
        Ok(HouseReport { expired: self.cut(cuts, keep), ..HouseReport::default() })
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
        Box::new(Breakable {
            store: self.store(),
            is_broken: Arc::clone(&self.is_broken),
            cuts: self.cuts.clone(),
        })
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

/// The same, while collectors die that keep the books.
#[test]
#[ignore = "needs a server"]
fn every_promise_is_kept_whoever_dies() {
    let cuts: Arc<AtomicU64> = Arc::default();
    contract::check(&|| {
        let mut fixture = Fixture::new();
        fixture.cuts = Some(Arc::clone(&cuts));
        Box::new(fixture)
    });
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
    store.open.ship().expect("the server is there");
    assert_eq!(store.waiting(), Some(SpoolFill::default()));
    let count = Statement::new("SELECT count() FROM events FINAL");
    let (arrived,): (usize,) = store.open.server().client().row(&count).expect("a count");
    assert_eq!(arrived, events.len());
}

/// The hash of an event's content is made anew from the names and values that
/// are read, so that it says whether they are the same.
#[test]
#[ignore = "needs a server"]
fn events_that_are_read_back_are_those_that_were_acknowledged() {
    let fixture = Fixture::new();
    let store = fixture.store();
    let commit = contract::sample_commit(7);
    store.append(&commit).expect("the spool has room");
    store.open.ship().expect("the server is there");
    let mut sent: BTreeMap<(Day, EventId), u32> = BTreeMap::new();
    let own = commit.rows.iter().filter(|rows| rows.schema().product() == "atomic");
    for rows in own {
        for (id, content) in rows.ids().iter().zip(rows.contents()) {
            // The first one counts.
            sent.entry((rows.day(), *id)).or_insert(*content);
        }
    }
    let mut read = BTreeMap::new();
    let ever = (Day::from_number(0), Day::from_number(40_000));
    let each = &mut |rows: &DayRows| {
        let of_day = rows.ids().iter().map(|id| (rows.day(), *id));
        read.extend(of_day.zip(rows.contents().iter().copied()));
    };
    store.read_events("atomic", ever, each).expect("the server is there");
    assert!(!sent.is_empty());
    assert_eq!(read, sent);
}
