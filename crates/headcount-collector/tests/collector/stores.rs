//! Stores that fail as a test wants it.

use headcount_catalog::Day;
use headcount_store::{
    AnswerRows, Commit, DayRows, Erasure, HousePolicy, HouseReport, Question, RowStatus, SpoolFill,
    Store, StoreError, StoreProblem,
};

/// What a test says of its store.
pub(crate) trait Failing: Send + Sync {
    /// As [`Store::append`].
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError>;

    /// As [`Store::ask`].
    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError>;

    /// As [`Store::health`].
    fn health(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// As [`Store::problems`].
    fn problems(&self) -> Vec<StoreProblem> {
        Vec::new()
    }

    /// As [`Store::waiting`].
    fn waiting(&self) -> Option<SpoolFill> {
        None
    }
}

/// Such a store, which has nothing to erase or to keep in order.
#[derive(Default)]
pub(crate) struct FailingStore<S>(pub(crate) S);

impl<S: Failing> Store for FailingStore<S> {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        self.0.append(commit)
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        self.0.ask(question)
    }

    fn erase(&self, _: &str, _: Erasure) -> Result<u64, StoreError> {
        Ok(0)
    }

    fn keep_house(&self, _: &HousePolicy) -> Result<HouseReport, StoreError> {
        Ok(HouseReport::default())
    }

    fn read_events(
        &self,
        _: &str,
        _: (Day, Day),
        _: &mut dyn FnMut(&DayRows),
    ) -> Result<(), StoreError> {
        Ok(())
    }

    fn health(&self) -> Result<(), StoreError> {
        self.0.health()
    }

    fn problems(&self) -> Vec<StoreProblem> {
        self.0.problems()
    }

    fn waiting(&self) -> Option<SpoolFill> {
        self.0.waiting()
    }
}
