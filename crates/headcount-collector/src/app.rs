//! The parts of a running collector, as every request uses them.

use std::net::SocketAddr;
use std::sync::Arc;

use headcount_catalog::{Day, Time};
use headcount_store::{AnswerRows, Question, Store, StoreError};
use tokio::sync::Semaphore;

use crate::config::{Access, ErrorLog, TimeSource};
use crate::dropped_fields::DroppedFields;
use crate::pseudonym::Pseudonyms;
use crate::registry::Registry;
use crate::writer::Desk;

/// The parts of a running collector.
pub(crate) struct App {
    pub(crate) registry: Registry,
    pub(crate) access: Access,
    pub(crate) clock: TimeSource,
    pub(crate) error_log: ErrorLog,
    pub(crate) pseudonyms: Pseudonyms,
    pub(crate) desk: Desk,
    pub(crate) store: Arc<dyn Store>,
    /// The address that the collector listens on.
    pub(crate) address: SocketAddr,
    /// A permit for each request of the intake.
    pub(crate) requests: Semaphore,
    /// A permit for each unit of memory of a body.
    pub(crate) body_memory: Arc<Semaphore>,
    /// A permit for each question.
    pub(crate) questions: Semaphore,
    pub(crate) dropped_fields: DroppedFields,
}

impl App {
    pub(crate) fn now(&self) -> Time {
        (self.clock)()
    }

    /// The current day, UTC.
    pub(crate) fn today(&self) -> Day {
        self.now().day()
    }

    /// Asks the store on a thread that may wait for the disk. The details of an error go to the
    /// operator only.
    pub(crate) async fn ask(
        &self,
        questions: Vec<Question>,
    ) -> Result<Vec<AnswerRows>, StoreUnavailable> {
        // The semaphore is never closed.
        let _permit = self.questions.acquire().await;
        let store = Arc::clone(&self.store);
        let answers = tokio::task::spawn_blocking(move || {
            questions.iter().map(|question| store.ask(question)).collect::<Result<_, StoreError>>()
        });
        match answers.await {
            Ok(Ok(answers)) => Ok(answers),
            Ok(Err(error)) => {
                (self.error_log)(&error.to_string());
                Err(StoreUnavailable)
            }
            Err(_) => Err(StoreUnavailable),
        }
    }
}

/// The store could not answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoreUnavailable;
