//! A store that acknowledges nothing once its folder is gone.

use std::sync::Arc;

use headcount_store::{AnswerRows, Commit, Question, RowStatus, Store, StoreError};

use crate::folder_watch::FolderWatch;

/// A store whose folder is looked at with each commit.
pub(crate) struct WatchedStore {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) folder: Arc<FolderWatch>,
}

impl WatchedStore {
    fn check(&self) -> Result<(), StoreError> {
        self.folder.check().map_err(|_| StoreError::new(self.folder.message()))
    }
}

impl Store for WatchedStore {
    /// The folder is looked at afterwards: what was written to a file that was
    /// still there after it was synced is on disk.
    fn append(&self, commit: &Commit<'_>) -> Result<Vec<RowStatus>, StoreError> {
        let statuses = self.store.append(commit)?;
        self.check()?;
        Ok(statuses)
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        self.store.ask(question)
    }
}
