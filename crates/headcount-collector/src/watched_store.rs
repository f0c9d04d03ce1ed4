//! A store that acknowledges nothing once its folder is gone.

use std::sync::Arc;

use headcount_catalog::Day;
use headcount_store::{
    AnswerRows, Commit, DayRows, Erasure, HousePolicy, HouseReport, Question, RowStatus, SpoolFill,
    Store, StoreError, StoreProblem,
};

use crate::folder_watch::FolderWatch;

/// A store whose folder is looked at with each commit.
pub(crate) struct WatchedStore {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) folder: FolderWatch,
}

impl WatchedStore {
    fn check(&self) -> Result<(), StoreError> {
        self.folder.check().map_err(|_| StoreError::new(self.folder.message()))
    }
}

impl Store for WatchedStore {
    /// The folder is looked at afterwards: what was written to a file that was
    /// still there after it was synced is on disk.
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        let statuses = self.store.append(commit)?;
        self.check()?;
        Ok(statuses)
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        self.store.ask(question)
    }

    fn erase(&self, product: &str, person: Erasure) -> Result<u64, StoreError> {
        let erased = self.store.erase(product, person)?;
        self.check()?;
        Ok(erased)
    }

    fn keep_house(&self, policy: &HousePolicy) -> Result<HouseReport, StoreError> {
        self.check()?;
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
        self.check()?;
        self.store.health()
    }

    fn problems(&self) -> Vec<StoreProblem> {
        self.store.problems()
    }

    fn waiting(&self) -> Option<SpoolFill> {
        self.store.waiting()
    }
}
