//! The writer's inbox: requests put their events here, and wait until they are
//! committed.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_store::Refusal;

use crate::arrival::Arrivals;
use crate::commit_answers::{self, AnswerSender, AwaitedAnswer};
use crate::limits;
use crate::lost_arrivals::LostArrivals;
use crate::unstored_counts::UnstoredCounts;
use crate::wakeup::Wakeup;
use crate::writer_rest::{WriterRest, WriterRests};

/// The writer's inbox.
pub(crate) struct Inbox {
    state: Mutex<State>,
    lost: Arc<LostArrivals>,
    writer: Arc<Wakeup>,
    rests: Arc<WriterRests>,
}

#[derive(Default)]
struct State {
    requests: Vec<WaitingRequest>,
    /// The events of all `requests`.
    events: usize,
    counts: UnstoredCounts,
    is_closed: bool,
}

/// A request whose events wait for a commit.
pub(crate) struct WaitingRequest {
    pub(crate) arrivals: Arrivals,
    pub(crate) answer: AnswerSender,
}

/// Everything for the next commit.
pub(crate) struct Pending {
    pub(crate) requests: Vec<WaitingRequest>,
    pub(crate) counts: UnstoredCounts,
    /// How many of the counted events were lost by a bug.
    pub(crate) lost: u64,
    /// Whether the inbox is closed, so that nothing follows.
    pub(crate) is_last: bool,
}

impl State {
    fn take_requests(&mut self) -> Vec<WaitingRequest> {
        self.events = 0;
        mem::take(&mut self.requests)
    }
}

impl Inbox {
    pub(crate) fn new() -> Self {
        let writer = Arc::new(Wakeup::default());
        let lost = Arc::new(LostArrivals::new(Arc::clone(&writer)));
        let rests = Arc::new(WriterRests::new(&writer));
        Self { state: Mutex::default(), lost, writer, rests }
    }

    /// Where arrivals are counted that are dropped without an outcome.
    pub(crate) fn lost_arrivals(&self) -> &Arc<LostArrivals> {
        &self.lost
    }

    /// What wakes the thread that takes.
    pub(crate) fn writer(&self) -> &Wakeup {
        &self.writer
    }

    /// Whether there is a thread that takes, and nobody has stopped it.
    pub(crate) fn has_writer(&self) -> bool {
        !self.state().is_closed
    }

    /// The requests and the events that wait for a commit.
    pub(crate) fn waiting(&self) -> (usize, usize) {
        let state = self.state();
        (state.requests.len(), state.events)
    }

    /// Refuses the events of a request that is not submitted.
    pub(crate) fn refuse(&self, arrivals: Arrivals, refusal: Refusal) {
        arrivals.refuse(refusal, &mut self.state().counts);
    }

    /// Submits the events of a request. The result comes after the commit that
    /// has them; they are committed even if nobody waits for it. A writer that
    /// rests is not woken for few of them.
    pub(crate) fn submit(&self, arrivals: Arrivals) -> AwaitedAnswer {
        let (answer, awaited) = commit_answers::channel();
        let mut state = self.state();
        let is_full = state.events > 0 && state.events + arrivals.len() > limits::WAITING_EVENTS;
        if is_full || state.is_closed {
            arrivals.refuse(Refusal::Busy, &mut state.counts);
            answer.send(Err(Refusal::Busy));
        } else {
            state.events += arrivals.len();
            state.requests.push(WaitingRequest { arrivals, answer });
            let is_due = self.is_due(&state);
            drop(state);
            if is_due {
                self.writer.wake();
            }
        }
        awaited
    }

    /// Takes everything for the next commit, and all of the requests, or none
    /// while they gather.
    pub(crate) fn take(&self) -> Pending {
        let mut state = self.state();
        let mut lost = 0;
        for (product, count) in self.lost.take() {
            state.counts.refuse(product, Refusal::Internal, count);
            lost += count;
        }
        let requests = if self.is_due(&state) { state.take_requests() } else { Vec::new() };
        let counts = mem::take(&mut state.counts);
        Pending { requests, counts, lost, is_last: state.is_closed }
    }

    /// Lets requests gather until what is returned is dropped.
    pub(crate) fn rest(&self) -> WriterRest {
        self.rests.begin()
    }

    /// Puts the refused events of a failed commit back, for the next commit.
    pub(crate) fn put_back(&self, refused: UnstoredCounts) {
        self.state().counts.keep_refused(refused);
    }

    /// Lets no more events in. What waits is still taken.
    pub(crate) fn close(&self) {
        self.state().is_closed = true;
        self.writer.wake();
    }

    /// Lets no more events in and drops what waits, because there is no writer
    /// any more. The requests hear that they are refused.
    pub(crate) fn abandon(&self) {
        let waiting = {
            let mut state = self.state();
            state.is_closed = true;
            state.take_requests()
        };
        drop(waiting);
    }

    /// Whether the requests are to be committed now.
    fn is_due(&self, state: &State) -> bool {
        self.rests.are_over() || state.events >= limits::GATHERED_EVENTS || state.is_closed
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
