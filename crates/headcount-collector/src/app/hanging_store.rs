//! A store that answers what a page asks first, and the rest once it is let go.

use std::sync::{Condvar, Mutex};

use headcount_catalog::Day;
use headcount_store::{
    AnswerRows, Commit, DayRows, EmbeddedStore, Erasure, HousePolicy, HouseReport, Question,
    RowStatus, Store, StoreError,
};

pub(crate) struct HangingStore {
    store: EmbeddedStore,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    let_go: bool,
    /// Questions that have hung, those included that hang.
    hung: usize,
}

impl HangingStore {
    pub(crate) fn new(store: EmbeddedStore) -> Self {
        Self { store, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Waits until so many questions have hung.
    pub(crate) fn await_hung(&self, number: usize) {
        let state = self.state.lock().unwrap();
        drop(self.changed.wait_while(state, |state| state.hung < number).unwrap());
    }

    pub(crate) fn hung(&self) -> usize {
        self.state.lock().unwrap().hung
    }

    /// Answers what hangs, and from now on everything.
    pub(crate) fn let_go(&self) {
        self.state.lock().unwrap().let_go = true;
        self.changed.notify_all();
    }
}

impl Store for HangingStore {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        self.store.append(commit)
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        if *question != Question::Products {
            let mut state = self.state.lock().unwrap();
            if !state.let_go {
                state.hung += 1;
                self.changed.notify_all();
                drop(self.changed.wait_while(state, |state| !state.let_go).unwrap());
            }
        }
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
