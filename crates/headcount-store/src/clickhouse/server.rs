//! The server as one collector has it: for its questions and its books, which
//! need no spool.

use std::sync::Mutex;

use super::Client;
use super::ask::{self, Snapshots};
use super::house::Housekeeper;
use super::locked::locked;
use crate::{AnswerRows, Question, StoreError};

/// A server, and what is known of it.
#[derive(Debug)]
pub(super) struct Server {
    client: Client,
    /// The collector's number.
    node: u32,
    snapshots: Snapshots,
    /// Whoever keeps the books has it.
    house: Mutex<()>,
}

impl Server {
    pub(super) fn new(client: Client, node: u32) -> Self {
        Self { client, node, snapshots: Snapshots::default(), house: Mutex::default() }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn node(&self) -> u32 {
        self.node
    }

    pub(super) fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        ask::ask(&self.client, &self.snapshots, question)
    }

    /// Calls `keep` with this collector as the one that keeps the books: one
    /// thread of it at a time does.
    pub(super) fn keep<T>(
        &self,
        keep: impl FnOnce(Housekeeper<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _entered = locked(&self.house);
        let kept = keep(Housekeeper { client: &self.client, node: self.node });
        self.has_changed();
        kept
    }

    /// The next question has everything that has been shipped and counted.
    pub(super) fn has_changed(&self) {
        self.snapshots.forget();
    }
}
