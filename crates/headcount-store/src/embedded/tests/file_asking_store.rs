//! A store of which every question is asked from its file as well, before the
//! store writes its counts: both give the same answer, whatever was committed.

use std::sync::Mutex;

use headcount_catalog::Day;
use headcount_testkit::Home;

use super::EmbeddedStore;
use crate::contract::{self, StoreFixture};
use crate::{
    AnswerRows, Commit, DayRows, Erasure, HousePolicy, HouseReport, Question, RowStatus, Store,
    StoreError, StoredAnswers,
};

/// Which of the questions the file is asked, too: the suite has a hundred
/// thousand of them.
const EACH: usize = 37;

struct FileAskingStore {
    store: EmbeddedStore,
    folder: std::path::PathBuf,
    /// Both answers are of one moment. Counts the questions.
    turn: Mutex<usize>,
}

impl Store for FileAskingStore {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        let _turn = self.turn.lock().unwrap();
        self.store.append(commit)
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        let mut turn = self.turn.lock().unwrap();
        *turn += 1;
        if *turn % EACH != 1 {
            return self.store.ask(question);
        }
        let from_file = || StoredAnswers::open(&self.folder)?.ask(std::slice::from_ref(question));
        let before = from_file()?;
        let answer = self.store.ask(question)?;
        // The store has written its counts, so this is the other way to answer.
        let after = from_file()?;
        // The products of a file are those that were written.
        if !matches!(question, Question::Products) {
            assert_eq!(before, std::slice::from_ref(&answer), "{question:?}");
        }
        assert_eq!(after, std::slice::from_ref(&answer), "{question:?}");
        Ok(answer)
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

struct FileAskingFixture(Home);

impl StoreFixture for FileAskingFixture {
    fn open(&self) -> Box<dyn Store> {
        let store = EmbeddedStore::open(self.0.path()).expect("a home is writable");
        Box::new(FileAskingStore {
            store,
            folder: self.0.path().to_path_buf(),
            turn: Mutex::default(),
        })
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
fn a_file_answers_like_the_store_that_writes_it() {
    contract::check(&|| Box::new(FileAskingFixture(Home::new())));
}
