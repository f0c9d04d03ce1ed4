//! What a connection is doing, and since when: what decides whether it may be
//! ended for another one.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::limits;

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConnectionPhase {
    /// The TLS handshake is not over.
    Handshake,
    /// No byte of the next request has arrived.
    Idle,
    /// The head of a request is arriving.
    Head,
    /// The head is here and the body is arriving.
    Body,
    /// The whole request is here: the collector is working.
    Working,
    /// The answer is being written.
    Answer,
}

/// How a connection is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EndOfConnection {
    /// After the request that has started, if one has.
    AfterRequest,
    /// Now.
    Now,
}

/// The state of one connection, shared by its socket, its requests and the
/// table of connections.
#[derive(Debug)]
pub(super) struct ConnectionState {
    inner: Mutex<Inner>,
    told: Notify,
}

#[derive(Debug)]
struct Inner {
    phase: ConnectionPhase,
    /// When the phase began. `Working` goes on counting from its head.
    since: Instant,
    end: Option<EndOfConnection>,
    /// Whether the body that is arriving is given up.
    is_body_given_up: bool,
    body: Option<Waker>,
}

impl ConnectionState {
    /// A connection that begins with this phase.
    pub(super) fn new(now: Instant, phase: ConnectionPhase) -> Self {
        let inner = Inner { phase, since: now, end: None, is_body_given_up: false, body: None };
        Self { inner: Mutex::new(inner), told: Notify::new() }
    }

    /// The TLS handshake is over.
    pub(super) fn hands_are_shaken(&self) {
        self.inner().enter(ConnectionPhase::Idle);
    }

    /// Bytes have arrived.
    pub(super) fn received(&self) {
        let mut inner = self.inner();
        if inner.phase == ConnectionPhase::Idle {
            inner.enter(ConnectionPhase::Head);
        }
    }

    /// The head of a request has arrived.
    pub(super) fn head_is_here(&self) {
        let mut inner = self.inner();
        inner.enter(ConnectionPhase::Body);
        inner.is_body_given_up = false;
    }

    /// The body has arrived, or is not wanted any more.
    pub(super) fn body_is_over(&self) {
        let mut inner = self.inner();
        inner.body = None;
        if inner.phase == ConnectionPhase::Body {
            inner.phase = ConnectionPhase::Working;
        }
    }

    /// There is an answer.
    pub(super) fn answered(&self) {
        self.inner().enter(ConnectionPhase::Answer);
    }

    /// Everything that was to be written is.
    pub(super) fn flushed(&self) {
        let mut inner = self.inner();
        if inner.phase == ConnectionPhase::Answer {
            inner.enter(ConnectionPhase::Idle);
        }
    }

    /// Whether the body that is arriving is given up. If it is not, `context`
    /// is woken once it is.
    pub(super) fn is_body_given_up(&self, context: &Context<'_>) -> bool {
        let mut inner = self.inner();
        if !inner.is_body_given_up {
            inner.body.get_or_insert_with(|| context.waker().clone()).clone_from(context.waker());
        }
        inner.is_body_given_up
    }

    /// How long the client has been waited for; `None` while the collector
    /// works.
    pub(super) fn waited(&self, now: Instant) -> Option<(ConnectionPhase, std::time::Duration)> {
        let inner = self.inner();
        (inner.phase != ConnectionPhase::Working && inner.end != Some(EndOfConnection::Now))
            .then(|| (inner.phase, now.saturating_duration_since(inner.since)))
    }

    /// Whether it was told to end, or to give the body up.
    pub(super) fn is_told_to_end(&self) -> bool {
        let inner = self.inner();
        inner.end.is_some() || inner.is_body_given_up
    }

    /// Whether the connection has been in its phase for longer than it may.
    pub(super) fn is_overdue(&self, now: Instant) -> bool {
        let inner = self.inner();
        let most = match inner.phase {
            ConnectionPhase::Handshake => limits::HANDSHAKE_TIME,
            ConnectionPhase::Idle => limits::IDLE_TIME,
            ConnectionPhase::Head => limits::HEAD_TIME,
            ConnectionPhase::Body | ConnectionPhase::Working => limits::REQUEST_TIME,
            ConnectionPhase::Answer => limits::ANSWER_TIME,
        };
        now.saturating_duration_since(inner.since) > most
    }

    /// Ends the connection as its phase allows. A body that is still arriving
    /// is given up first, so that its client gets an answer.
    pub(super) fn end_for_another(&self) {
        let mut inner = self.inner();
        if inner.phase == ConnectionPhase::Body && !inner.is_body_given_up {
            inner.give_body_up();
            return;
        }
        let was = inner.end;
        inner.end = Some(match inner.phase {
            // It may have begun with the next request meanwhile.
            ConnectionPhase::Idle | ConnectionPhase::Working if was.is_none() => {
                EndOfConnection::AfterRequest
            }
            _ => EndOfConnection::Now,
        });
        self.told.notify_one();
    }

    /// Ends the connection whatever it is doing.
    pub(super) fn end_overdue(&self) {
        self.inner().end = Some(EndOfConnection::Now);
        self.told.notify_one();
    }

    /// Ends the connection after the request that has started, if one has.
    pub(super) fn end_after_request(&self) {
        self.inner().end.get_or_insert(EndOfConnection::AfterRequest);
        self.told.notify_one();
    }

    /// Waits until the connection is to end.
    pub(super) async fn end(&self) -> EndOfConnection {
        loop {
            self.told.notified().await;
            if let Some(end) = self.inner().end {
                return end;
            }
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn enter(&mut self, phase: ConnectionPhase) {
        self.phase = phase;
        self.since = Instant::now();
    }

    fn give_body_up(&mut self) {
        self.is_body_given_up = true;
        if let Some(body) = self.body.take() {
            body.wake();
        }
    }
}
