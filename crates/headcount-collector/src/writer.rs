//! Group commit: one thread takes every request that waits, commits all their
//! events at once, and answers them all.

#[cfg(test)]
mod tests;

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Instant;

use headcount_store::{Commit, DayRows, Refusal, RowStatus, Store};

use crate::commit_answers::CommitAnswers;
use crate::commit_rows::{CommitRows, RequestPlaces};
use crate::dropped_fields::DroppedFields;
use crate::inbox::{Inbox, Pending, WaitingRequest};
use crate::limits;
use crate::metrics::Measurements;
use crate::operator_log::{LogPart, OperatorLog, RefusalKind, Refusals, Sentence};
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
        dropped_fields: Arc<DroppedFields>,
        reports: WriterReports,
    ) -> std::io::Result<Self> {
        let inbox_of_commits = Arc::clone(&inbox);
        let commits =
            Commits { inbox: inbox_of_commits, store, dropped_fields, reports, last_error: None };
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

/// What the thread tells and measures.
pub(crate) struct WriterReports {
    pub(crate) log: OperatorLog,
    pub(crate) refusals: Arc<Refusals>,
    pub(crate) measurements: Arc<Measurements>,
}

impl WriterReports {
    /// Tells which events a commit has counted as rejected.
    fn tell_rejected(&self, counts: &UnstoredCounts) {
        let now = Instant::now();
        for (product, reason, count) in counts.rejected() {
            self.refusals.note(RefusalKind::Events { reason: reason.name(), product }, count, now);
        }
    }
}

struct Commits {
    inbox: Arc<Inbox>,
    store: Arc<dyn Store>,
    dropped_fields: Arc<DroppedFields>,
    reports: WriterReports,
    /// The last error, so that a full disk is one message and not one for each
    /// request.
    last_error: Option<Sentence>,
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
        let many = requests.len() >= limits::GATHERING_REQUESTS;
        let rest = many.then(|| self.inbox.rest());
        if lost > 0 {
            self.reports.log.error(
                LogPart::Writer,
                Sentence::from("events without an outcome, counted as refused: ")
                    .and(&lost)
                    .and(&"; this is a bug in Headcount: please report it"),
            );
        }
        let mut rows = CommitRows::default();
        let entered: Vec<(WaitingRequest, RequestPlaces)> = requests
            .into_iter()
            .map(|mut request| {
                request.arrivals.enter(&mut counts);
                let places = rows.enter(&mut request.arrivals);
                (request, places)
            })
            .collect();
        let commit = rows.commit(counts.for_commit());
        let events = commit.rows.iter().map(DayRows::len).sum();
        self.reports.measurements.commits.sized(entered.len(), events);
        match self.append(&commit) {
            Ok(statuses) => {
                self.last_error = None;
                self.reports.tell_rejected(&counts);
                let mut answers = CommitAnswers::default();
                for (WaitingRequest { arrivals, answer }, places) in entered {
                    let outcomes =
                        arrivals.settle(&places.statuses(&statuses), &self.dropped_fields);
                    answers.add(answer, Ok(outcomes));
                }
                answers.send(rest);
            }
            Err(sentence) => {
                self.log(sentence);
                let mut refused = UnstoredCounts::default();
                refused.keep_refused(counts);
                for (WaitingRequest { arrivals, answer }, _) in entered {
                    arrivals.refuse(Refusal::StoreFailed, &mut refused);
                    answer.send(Err(Refusal::StoreFailed));
                }
                self.inbox.put_back(refused);
            }
        }
    }

    /// Appends a commit. A store that panics has not committed, and may be
    /// asked again: so one panic does not end the collector.
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, Sentence> {
        let began = Instant::now();
        let statuses = panic::catch_unwind(AssertUnwindSafe(|| self.store.append(commit)))
            .map_err(|_| {
                Sentence::from(
                    "the store panicked, so nothing was acknowledged; this is a bug in the store: \
                     please report it",
                )
            })?
            .map_err(|error| Sentence::from(&error))?;
        self.reports.measurements.commits.took(began.elapsed());
        let returned: Vec<usize> = statuses.iter().map(Vec::len).collect();
        let expected: Vec<usize> = commit.rows.iter().map(DayRows::len).collect();
        if returned == expected {
            Ok(statuses)
        } else {
            Err(Sentence::from("the store returned ")
                .and(&returned.iter().sum::<usize>())
                .and(&" statuses for ")
                .and(&expected.iter().sum::<usize>())
                .and(
                    &" events, so nothing was acknowledged; this is a bug in the store: please \
                     report it",
                ))
        }
    }

    fn log(&mut self, sentence: Sentence) {
        if self.last_error.as_ref() != Some(&sentence) {
            self.reports.log.error(LogPart::Writer, sentence.clone());
            self.last_error = Some(sentence);
        }
    }
}
