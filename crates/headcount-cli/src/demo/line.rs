//! The line to the collector: the real transport, on which an answer may get
//! lost.

use std::cell::Cell;
use std::time::Duration;

use headcount::ship::{Request, Response, Transport, TransportError, TransportErrorKind};

/// What becomes of the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answers {
    /// They arrive.
    Arrive,
    /// The machine is put to sleep, or the process killed, after the request
    /// has gone out.
    GetLost,
}

/// One shipment's line.
pub(super) struct Line<'a> {
    through: &'a dyn Transport,
    answers: Answers,
    lost: Cell<u64>,
    unanswered: Cell<u64>,
}

impl<'a> Line<'a> {
    pub(super) fn new(through: &'a dyn Transport, answers: Answers) -> Self {
        Self { through, answers, lost: Cell::new(0), unanswered: Cell::new(0) }
    }

    /// Requests that were answered without anybody hearing it.
    pub(super) fn lost(&self) -> u64 {
        self.lost.get()
    }

    /// Requests that found nobody.
    pub(super) fn unanswered(&self) -> u64 {
        self.unanswered.get()
    }
}

impl Transport for Line<'_> {
    fn send(&self, request: &Request, limit: Duration) -> Result<Response, TransportError> {
        match (self.through.send(request, limit), self.answers) {
            (Ok(_), Answers::GetLost) => {
                self.lost.set(self.lost.get() + 1);
                Err(TransportError::new(TransportErrorKind::BrokenOff, "the answer got lost"))
            }
            (Ok(response), Answers::Arrive) => Ok(response),
            (Err(error), _) => {
                self.unanswered.set(self.unanswered.get() + 1);
                Err(error)
            }
        }
    }
}
