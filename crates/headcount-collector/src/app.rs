//! What every request finds: the parts of a running collector.

use std::net::SocketAddr;
use std::sync::Arc;

use headcount_catalog::{Day, Time};
use headcount_store::{AnswerRows, Question, Store, StoreError};
use tokio::sync::Semaphore;

use crate::Registry;
use crate::config::{Access, Clock, Trouble};
use crate::left_out::LeftOut;
use crate::limits;
use crate::pseudonym::Pseudonyms;
use crate::writer::Desk;

/// The parts of a running collector.
pub(crate) struct App {
    pub(crate) registry: Registry,
    pub(crate) access: Access,
    pub(crate) clock: Clock,
    pub(crate) trouble: Trouble,
    pub(crate) pseudonyms: Pseudonyms,
    pub(crate) desk: Desk,
    pub(crate) store: Arc<dyn Store>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Places for requests of the intake.
    pub(crate) requests: Semaphore,
    /// Room for bodies.
    pub(crate) body_memory: Arc<Semaphore>,
    /// Places for questions.
    pub(crate) questions: Semaphore,
    /// What was left out of events that stayed.
    pub(crate) left_out: LeftOut,
}

impl App {
    /// What time it is.
    pub(crate) fn now(&self) -> Time {
        (self.clock)()
    }

    /// The day it is, UTC.
    pub(crate) fn today(&self) -> Day {
        self.now().day()
    }

    /// Asks the store, on a thread that may wait for the disk. The operator hears of an error;
    /// whoever asked hears only that there is no answer.
    pub(crate) async fn ask(&self, questions: Vec<Question>) -> Result<Vec<AnswerRows>, NoAnswer> {
        // The semaphore is never closed.
        let _place = self.questions.acquire().await;
        let store = Arc::clone(&self.store);
        let asked = tokio::task::spawn_blocking(move || {
            questions.iter().map(|question| store.ask(question)).collect::<Result<_, StoreError>>()
        });
        match asked.await {
            Ok(Ok(answers)) => Ok(answers),
            Ok(Err(error)) => {
                (self.trouble)(&error.to_string());
                Err(NoAnswer)
            }
            Err(_) => Err(NoAnswer),
        }
    }
}

/// Places for questions that are answered at once.
pub(crate) fn question_places() -> Semaphore {
    Semaphore::new(limits::QUESTIONS)
}

/// The store could not answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoAnswer;
