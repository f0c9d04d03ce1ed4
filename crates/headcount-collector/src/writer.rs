//! Group commit: one thread takes every request that waits, commits all their
//! events at once, and answers them all.

#[cfg(test)]
mod tests;

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use headcount_store::{Commit, Refusal, RowStatus, Store};
use tokio::sync::oneshot;

use crate::arrival::{Arrival, EnteredArrival};
use crate::config::ErrorLog;
use crate::inbox::{CommitResult, Inbox, Pending, WaitingRequest};
use crate::unstored_counts::UnstoredCounts;

/// The thread that commits. Dropping it stops it.
pub(crate) struct Writer {
    inbox: Arc<Inbox>,
    /// `None` once it is stopped.
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(
        inbox: Arc<Inbox>,
        store: Arc<dyn Store>,
        error_log: ErrorLog,
    ) -> std::io::Result<Self> {
        let commits = Commits { inbox: Arc::clone(&inbox), store, error_log, last_error: None };
        let thread = thread::Builder::new()
            .name("headcount-writer".to_owned())
            .spawn(move || commits.run())?;
        Ok(Self { inbox, thread: Some(thread) })
    }

    /// Commits what waits, and ends the thread.
    pub(crate) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        self.inbox.close();
        // A panic of the thread was printed, and what it had was not
        // acknowledged.
        let _ = thread.join();
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.end();
    }
}

struct Commits {
    inbox: Arc<Inbox>,
    store: Arc<dyn Store>,
    error_log: ErrorLog,
    /// The last error, so that a full disk is one message and not one for each
    /// request.
    last_error: Option<String>,
}

/// A request whose arrivals are in a commit.
struct EnteredRequest {
    arrivals: Vec<EnteredArrival>,
    answer: oneshot::Sender<CommitResult>,
}

/// Closes the inbox when the thread ends, even by a panic, so that no request
/// waits for ever.
struct CloseAtEnd(Arc<Inbox>);

impl Drop for CloseAtEnd {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

impl Commits {
    fn run(mut self) {
        let _close = CloseAtEnd(Arc::clone(&self.inbox));
        self.inbox.writer().wake_this_thread();
        loop {
            let pending = self.inbox.take();
            let is_last = pending.is_last;
            if !pending.requests.is_empty() || !pending.counts.is_empty() {
                self.commit(pending);
            }
            if is_last {
                return;
            }
            self.inbox.writer().wait();
        }
    }

    fn commit(&mut self, pending: Pending) {
        let Pending { requests, mut counts, lost, is_last: _ } = pending;
        if lost > 0 {
            (self.error_log)(&format!(
                "events without an outcome, counted as refused: {lost}; this is a bug in \
                 Headcount: please report it"
            ));
        }
        let mut commit = Commit::default();
        let entered: Vec<EnteredRequest> = requests
            .into_iter()
            .map(|WaitingRequest { arrivals, answer }| {
                let enter = |arrival: Arrival| arrival.enter(&mut commit, &mut counts);
                EnteredRequest { arrivals: arrivals.into_iter().map(enter).collect(), answer }
            })
            .collect();
        commit.unstored = counts.for_commit();
        match self.append(&commit) {
            Ok(statuses) => {
                self.last_error = None;
                let mut statuses = statuses.into_iter();
                for EnteredRequest { arrivals, answer } in entered {
                    let outcomes =
                        arrivals.into_iter().map(|arrival| arrival.settle(&mut statuses)).collect();
                    // A client that has disconnected hears it when it sends the
                    // same again.
                    let _ = answer.send(Ok(outcomes));
                }
            }
            Err(message) => {
                self.log(message);
                let mut refused = UnstoredCounts::default();
                refused.keep_refused(counts);
                for EnteredRequest { arrivals, answer } in entered {
                    for arrival in arrivals {
                        arrival.refuse(Refusal::StoreFailed, &mut refused);
                    }
                    let _ = answer.send(Err(Refusal::StoreFailed));
                }
                self.inbox.put_back(refused);
            }
        }
    }

    /// Appends a commit. A store that panics has not committed, and may be
    /// asked again: so one panic does not end the collector.
    fn append(&self, commit: &Commit<'static>) -> Result<Vec<RowStatus>, String> {
        let statuses = panic::catch_unwind(AssertUnwindSafe(|| self.store.append(commit)))
            .map_err(|_| {
                "the store panicked, so nothing was acknowledged; this is a bug in the store: please \
                 report it"
                    .to_owned()
            })?
            .map_err(|error| error.to_string())?;
        if statuses.len() == commit.rows.len() {
            Ok(statuses)
        } else {
            Err(format!(
                "the store returned {} statuses for {} events, so nothing was acknowledged; this is \
                 a bug in the store: please report it",
                statuses.len(),
                commit.rows.len()
            ))
        }
    }

    fn log(&mut self, message: String) {
        if self.last_error.as_ref() != Some(&message) {
            (self.error_log)(&message);
            self.last_error = Some(message);
        }
    }
}
