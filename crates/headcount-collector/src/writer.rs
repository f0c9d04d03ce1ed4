//! Group commit: one thread takes every request that waits, makes one commit of them, and answers
//! them all.

use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use headcount_store::{Commit, Refusal, Store};
use headcount_wire::Outcome;
use tokio::sync::oneshot;

use crate::arrival::{Arrival, Entered};
use crate::config::ErrorLog;
use crate::limits;
use crate::unstored_counts::UnstoredCounts;

/// What the writer says to a request: an outcome an event, or that all of it is sent away for now.
pub(crate) type Verdict = Result<Vec<Outcome>, Refusal>;

/// A request whose events wait for a commit.
struct Waiting {
    arrivals: Vec<Arrival>,
    answer: oneshot::Sender<Verdict>,
}

/// What stands between the requests and the writer.
#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    events: usize,
    /// Of requests that were sent away; they go into the next commit.
    refused: UnstoredCounts,
    closed: bool,
}

/// The door to the writer, for every request.
#[derive(Clone, Default)]
pub(crate) struct Desk {
    shared: Arc<(Mutex<Queue>, Condvar)>,
}

impl Desk {
    /// Hands in the events of a request, and waits for the commit that they are in.
    pub(crate) async fn hand_in(&self, arrivals: Vec<Arrival>) -> Verdict {
        let (answer, verdict) = oneshot::channel();
        {
            let mut queue = self.queue();
            let full = queue.events > 0 && queue.events + arrivals.len() > limits::WAITING_EVENTS;
            if full || queue.closed {
                for arrival in arrivals {
                    queue.refused.refuse(arrival.refuse(), Refusal::Busy, 1);
                }
                return Err(Refusal::Busy);
            }
            queue.events += arrivals.len();
            queue.waiting.push(Waiting { arrivals, answer });
        }
        self.shared.1.notify_one();
        // Nobody answers only where the writer is gone; then nothing was acknowledged either.
        verdict.await.unwrap_or(Err(Refusal::StoreFailed))
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What waits; `None` once nothing does and nothing will.
    fn take(&self) -> Option<(Vec<Waiting>, UnstoredCounts)> {
        let mut queue = self.queue();
        while queue.waiting.is_empty() && !queue.closed {
            queue = self.shared.1.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        if queue.waiting.is_empty() && queue.refused.is_empty() {
            return None;
        }
        queue.events = 0;
        Some((mem::take(&mut queue.waiting), mem::take(&mut queue.refused)))
    }

    fn close(&self) {
        self.queue().closed = true;
        self.shared.1.notify_one();
    }
}

/// The thread that commits.
pub(crate) struct Writer {
    desk: Desk,
    thread: JoinHandle<()>,
}

impl Writer {
    pub(crate) fn start(
        desk: &Desk,
        store: Arc<dyn Store>,
        error_log: ErrorLog,
    ) -> std::io::Result<Self> {
        let desk = desk.clone();
        let commits = Commits { desk: desk.clone(), store, error_log, failing: None };
        let thread = thread::Builder::new()
            .name("headcount-writer".to_owned())
            .spawn(move || commits.run())?;
        Ok(Self { desk, thread })
    }

    /// Commits what waits, and ends.
    pub(crate) fn stop(self) {
        self.desk.close();
        // A writer that panicked has said so on stderr; what it held was never acknowledged.
        let _ = self.thread.join();
    }
}

struct Commits {
    desk: Desk,
    store: Arc<dyn Store>,
    error_log: ErrorLog,
    /// What the operator was told last, so that a full disk is one sentence and not one a second.
    failing: Option<String>,
}

/// Closes the desk whatever ends the writer, so that no request waits for it forever.
struct Closing(Desk);

impl Drop for Closing {
    fn drop(&mut self) {
        let mut queue = self.0.queue();
        queue.closed = true;
        for waiting in mem::take(&mut queue.waiting) {
            for arrival in waiting.arrivals {
                arrival.refuse();
            }
        }
    }
}

impl Commits {
    fn run(mut self) {
        let closing = Closing(self.desk.clone());
        while let Some((waiting, tallies)) = self.desk.take() {
            let last = waiting.is_empty();
            self.commit(waiting, tallies);
            // Only tallies were left, of a desk that is closed: tried once.
            if last {
                break;
            }
        }
        drop(closing);
    }

    fn commit(&mut self, waiting: Vec<Waiting>, mut tallies: UnstoredCounts) {
        let mut commit = Commit::default();
        let entered: Vec<(Vec<Entered>, oneshot::Sender<Verdict>)> = waiting
            .into_iter()
            .map(|Waiting { arrivals, answer }| {
                let enter = |arrival: Arrival| arrival.enter(&mut commit, &mut tallies);
                (arrivals.into_iter().map(enter).collect(), answer)
            })
            .collect();
        commit.unstored = tallies.for_commit();
        match self.append(&commit) {
            Ok(kept) => {
                self.failing = None;
                let mut kept = kept.into_iter();
                for (entered, answer) in entered {
                    let outcomes = entered.into_iter().map(|it| it.settle(&mut kept)).collect();
                    // A client that hung up hears it when it sends the same again.
                    let _ = answer.send(Ok(outcomes));
                }
            }
            Err(sentence) => {
                self.tell(sentence);
                let mut refused = UnstoredCounts::default();
                refused.keep_refused(tallies);
                for (entered, answer) in entered {
                    for it in entered {
                        refused.refuse(it.refuse(), Refusal::StoreFailed, 1);
                    }
                    let _ = answer.send(Err(Refusal::StoreFailed));
                }
                self.desk.queue().refused.keep_refused(refused);
            }
        }
    }

    fn append(&self, commit: &Commit<'static>) -> Result<Vec<headcount_store::Appended>, String> {
        let kept = self.store.append(commit).map_err(|error| error.to_string())?;
        if kept.len() == commit.rows.len() {
            Ok(kept)
        } else {
            Err(format!(
                "the store answered for {} of {} events, so none of them was acknowledged: this is \
                 a mistake in the store, please report it",
                kept.len(),
                commit.rows.len()
            ))
        }
    }

    fn tell(&mut self, sentence: String) {
        if self.failing.as_ref() != Some(&sentence) {
            (self.error_log)(&sentence);
            self.failing = Some(sentence);
        }
    }
}

#[cfg(test)]
mod tests {
    use headcount_catalog::Reason;
    use headcount_store::{AnswerRows, Appended, Question, StoreError};

    use super::*;

    /// Remembers how large its commits were, and what they tallied.
    #[derive(Default)]
    struct Remembers(Mutex<Vec<String>>);

    impl Store for Remembers {
        fn append(&self, commit: &Commit<'_>) -> Result<Vec<Appended>, StoreError> {
            self.0.lock().unwrap().push(format!("{:?}", commit.unstored));
            Ok(vec![Appended::Stored; commit.rows.len()])
        }

        fn ask(&self, _: &Question) -> Result<AnswerRows, StoreError> {
            Ok(AnswerRows::Products(Vec::new()))
        }
    }

    fn arrivals(count: usize) -> Vec<Arrival> {
        (0..count).map(|_| Arrival::new("atomic", Err(Reason::Malformed))).collect()
    }

    #[tokio::test]
    async fn what_waits_is_one_commit_and_what_does_not_fit_is_refused_and_counted() {
        let desk = Desk::default();
        let store = Arc::new(Remembers::default());
        let hand_in = |count| {
            let desk = desk.clone();
            tokio::spawn(async move { desk.hand_in(arrivals(count)).await })
        };
        // Larger than all that may wait: let in, since nothing does.
        let (first, second, third) = (hand_in(limits::WAITING_EVENTS + 1), hand_in(1), hand_in(2));
        tokio::task::yield_now().await;
        assert_eq!(second.await.unwrap(), Err(Refusal::Busy));
        assert_eq!(third.await.unwrap(), Err(Refusal::Busy));
        let writer = Writer::start(&desk, store.clone(), Arc::new(|_| {})).unwrap();
        let outcomes = first.await.unwrap().unwrap();
        assert_eq!(outcomes.len(), limits::WAITING_EVENTS + 1);
        assert!(outcomes.iter().all(|it| *it == Outcome::Rejected(Reason::Malformed)));
        writer.stop();
        let commits = store.0.lock().unwrap().clone();
        assert_eq!(commits.len(), 1, "one commit for all: {commits:?}");
        assert!(commits[0].contains("count: 65537") && commits[0].contains("count: 3"));
        assert_eq!(desk.hand_in(arrivals(1)).await, Err(Refusal::Busy), "nobody is left to commit");
    }

    /// Panics, as no store should.
    struct Panics;

    impl Store for Panics {
        fn append(&self, _: &Commit<'_>) -> Result<Vec<Appended>, StoreError> {
            panic!("the store's own mistake")
        }

        fn ask(&self, _: &Question) -> Result<AnswerRows, StoreError> {
            Ok(AnswerRows::Products(Vec::new()))
        }
    }

    #[tokio::test]
    async fn a_store_that_panics_leaves_nobody_waiting() {
        let desk = Desk::default();
        let writer = Writer::start(&desk, Arc::new(Panics), Arc::new(|_| {})).unwrap();
        assert_eq!(desk.hand_in(arrivals(1)).await, Err(Refusal::StoreFailed));
        writer.stop();
    }
}
