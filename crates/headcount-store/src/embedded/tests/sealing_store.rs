//! A store that seals, merges and closes days all the time. It keeps the
//! contract, too.

use std::sync::atomic::{AtomicI32, Ordering};

use headcount_catalog::Day;
use headcount_testkit::Home;

use super::{DAY, EmbeddedStore};
use crate::contract::{self, StoreFixture};
use crate::{
    AnswerRows, Commit, DayRows, Erasure, HousePolicy, HouseReport, Question, RowStatus, Store,
    StoreError,
};

struct SealingStore {
    store: EmbeddedStore,
    commits: AtomicI32,
}

impl SealingStore {
    /// Before which commit the house is kept, and on which day: some days are
    /// open, then closed, then the same ones are open again, as if the clock
    /// had jumped.
    fn keep_house_at_times(&self) -> Result<(), StoreError> {
        let commit = self.commits.fetch_add(1, Ordering::SeqCst);
        if commit % 11 != 3 {
            return Ok(());
        }
        let today = DAY.plus(commit.wrapping_mul(17) % 41 - 20);
        self.keep_house(&HousePolicy { today, retention: Vec::new() }).map(|_| ())
    }
}

impl Store for SealingStore {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        self.keep_house_at_times()?;
        self.store.append(commit)
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
}

struct SealingFixture(Home);

impl StoreFixture for SealingFixture {
    fn open(&self) -> Box<dyn Store> {
        let mut store = EmbeddedStore::open(self.0.path()).expect("a home is writable");
        store.seal_after(2);
        Box::new(SealingStore { store, commits: AtomicI32::new(0) })
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
}

#[test]
fn a_store_that_always_seals_keeps_the_contract() {
    contract::check(&|| Box::new(SealingFixture(Home::new())));
}

struct BackgroundFixture(Home);

impl StoreFixture for BackgroundFixture {
    fn open(&self) -> Box<dyn Store> {
        let store = EmbeddedStore::open(self.0.path()).expect("a home is writable");
        store.seal_in_background_after(2);
        Box::new(store)
    }

    fn break_commits(&self) {
        self.0.break_commits();
    }

    fn mend_commits(&self) {
        self.0.mend_commits();
    }
}

#[test]
fn a_store_that_always_seals_in_the_background_keeps_the_contract() {
    contract::check(&|| Box::new(BackgroundFixture(Home::new())));
}
