//! The threads that read and judge bodies, away from the connections: one large
//! body must not make every other client wait.

use std::collections::VecDeque;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use crate::limits;

/// What a thread does: reads and judges one body.
type Job = Box<dyn FnOnce() + Send>;

/// The bodies that wait for a thread.
#[derive(Default)]
pub(crate) struct JudgeQueue {
    state: Mutex<State>,
    has_changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    is_closed: bool,
}

/// The queue has no place, or its threads have been stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct QueueIsFull;

/// The threads. Dropping it stops them.
pub(crate) struct Judges {
    queue: Arc<JudgeQueue>,
    threads: Vec<JoinHandle<()>>,
}

impl JudgeQueue {
    /// Adds a job.
    pub(crate) fn add(&self, job: impl FnOnce() + Send + 'static) -> Result<(), QueueIsFull> {
        let mut state = self.state();
        if state.is_closed || state.jobs.len() >= limits::WAITING_BODIES {
            return Err(QueueIsFull);
        }
        state.jobs.push_back(Box::new(job));
        drop(state);
        self.has_changed.notify_one();
        Ok(())
    }

    /// The bodies that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.state().jobs.len()
    }

    /// Whether every thread works, and nobody has stopped them.
    pub(crate) fn has_judges(&self) -> bool {
        !self.state().is_closed
    }

    fn next(&self) -> Option<Job> {
        let mut state = self.state();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if state.is_closed {
                return None;
            }
            state = self.has_changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn close(&self) {
        self.state().is_closed = true;
        self.has_changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes the queue when a thread ends, even by a panic, so that no request
/// waits for ever.
struct CloseAtEnd(Arc<JudgeQueue>);

impl Drop for CloseAtEnd {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Judges {
    /// Starts so many threads, at least one.
    pub(crate) fn start(queue: Arc<JudgeQueue>, threads: usize) -> std::io::Result<Self> {
        let mut judges = Self { queue, threads: Vec::new() };
        for number in 1..=threads.max(1) {
            let queue = Arc::clone(&judges.queue);
            let thread = thread::Builder::new().name(format!("headcount-judge-{number}")).spawn(
                move || {
                    let _closing = CloseAtEnd(Arc::clone(&queue));
                    while let Some(job) = queue.next() {
                        // A panic was printed. The client hears of an internal
                        // error, because nobody answers it, and the arrivals
                        // were counted when they were dropped.
                        let _ = panic::catch_unwind(AssertUnwindSafe(job));
                    }
                },
            )?;
            judges.threads.push(thread);
        }
        Ok(judges)
    }

    /// Lets what waits be judged, and ends the threads.
    pub(crate) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            // It cannot panic: its jobs are caught.
            let _ = thread.join();
        }
    }
}

impl Drop for Judges {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_job_that_panics_ends_nothing_and_what_waits_is_done_at_the_stop() {
        let queue = Arc::new(JudgeQueue::default());
        let judges = Judges::start(Arc::clone(&queue), 2).unwrap();
        let (done, all) = mpsc::channel();
        for number in 0..100 {
            let done = done.clone();
            let job = move || {
                assert!(number % 10 != 3, "on purpose");
                done.send(number).unwrap();
            };
            queue.add(job).unwrap();
        }
        judges.stop();
        drop(done);
        assert_eq!(all.iter().count(), 90);
        assert_eq!(queue.add(|| {}), Err(QueueIsFull));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let queue = JudgeQueue::default();
        for _ in 0..limits::WAITING_BODIES {
            queue.add(|| {}).unwrap();
        }
        assert_eq!(queue.add(|| {}), Err(QueueIsFull));
    }
}
