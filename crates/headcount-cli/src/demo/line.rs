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
    /// There is no network, so that no request goes out.
    NoNetwork,
}

/// One shipment's line.
pub(super) struct Line<'a> {
    through: &'a dyn Transport,
    answers: Answers,
    lost: Cell<u64>,
    unanswered: Cell<u64>,
    without_network: Cell<u64>,
}

impl<'a> Line<'a> {
    pub(super) fn new(through: &'a dyn Transport, answers: Answers) -> Self {
        let none = || Cell::new(0);
        Self { through, answers, lost: none(), unanswered: none(), without_network: none() }
    }

    /// Requests that were answered without anybody hearing it.
    pub(super) fn lost(&self) -> u64 {
        self.lost.get()
    }

    /// Requests that found nobody.
    pub(super) fn unanswered(&self) -> u64 {
        self.unanswered.get()
    }

    /// Requests that never went out.
    pub(super) fn without_network(&self) -> u64 {
        self.without_network.get()
    }
}

impl Transport for Line<'_> {
    fn send(&self, request: &Request, limit: Duration) -> Result<Response, TransportError> {
        if self.answers == Answers::NoNetwork {
            self.without_network.set(self.without_network.get() + 1);
            let error = TransportError::new(TransportErrorKind::Unreachable, "no network");
            return Err(error.before_the_body());
        }
        match (self.through.send(request, limit), self.answers) {
            (Ok(_), Answers::GetLost) => {
                self.lost.set(self.lost.get() + 1);
                Err(TransportError::new(TransportErrorKind::BrokenOff, "the answer got lost"))
            }
            (Ok(response), _) => Ok(response),
            (Err(error), _) => {
                self.unanswered.set(self.unanswered.get() + 1);
                Err(error)
            }
        }
    }
}
