//! Whether every part of a collector works: its threads and its store.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};

use headcount_store::Store;

use crate::operator_log::{LogPart, OperatorLog, Sentence};
use crate::part_state::PartState;

/// The health of every part.
pub(crate) struct Health {
    store: Arc<dyn Store>,
    parts: Vec<WatchedPart>,
    failure: FailureWatch,
    /// Whether it was told to stop.
    is_stopping: AtomicBool,
    /// What the last look has found.
    last: Mutex<Result<(), String>>,
    log: OperatorLog,
    /// The last message, so that what lasts is told once.
    told: Mutex<Option<Sentence>>,
}

/// A part without which there is no collector.
pub(crate) struct WatchedPart {
    /// What it is, as in "the writer".
    pub(crate) name: &'static str,
    pub(crate) is_alive: Box<dyn Fn() -> bool + Send + Sync>,
}

/// A thread keeps one of these for as long as it works.
#[derive(Debug, Default)]
pub(crate) struct LifeSign(Arc<()>);

impl LifeSign {
    /// The part that keeps it.
    pub(crate) fn part(&self, name: &'static str) -> WatchedPart {
        let sign: Weak<()> = Arc::downgrade(&self.0);
        WatchedPart { name, is_alive: Box::new(move || sign.strong_count() > 0) }
    }
}

impl Health {
    pub(crate) fn new(store: Arc<dyn Store>, parts: Vec<WatchedPart>, log: OperatorLog) -> Self {
        let (failure, told) = (FailureWatch::default(), Mutex::default());
        Self {
            store,
            parts,
            failure,
            is_stopping: AtomicBool::new(false),
            last: Mutex::new(Ok(())),
            log,
            told,
        }
    }

    /// Looks at every part. A part that has ended fails the collector.
    ///
    /// # Errors
    ///
    /// Returns what is wrong, in words that have nothing of this machine.
    pub(crate) fn check(&self) -> Result<(), String> {
        let checked = self.look();
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&checked);
        checked
    }

    /// What the last look has found.
    pub(crate) fn last(&self) -> Result<(), String> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every part that has to be alive.
    pub(crate) fn parts(&self) -> Vec<PartState> {
        let state = |part: &WatchedPart| {
            let problem =
                (!(part.is_alive)()).then_some("it has ended by itself: restart the collector");
            PartState::of(part.name, problem)
        };
        self.parts.iter().map(state).collect()
    }

    /// The collector was told to stop.
    pub(crate) fn stopping(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }

    fn look(&self) -> Result<(), String> {
        if let Some(part) = self.parts.iter().find(|part| !(part.is_alive)()) {
            let sentence =
                Sentence::from(part.name).and(&" has ended by itself: restart the collector");
            self.fail(sentence.clone());
            return Err(sentence.to_string());
        }
        if let Err(error) = self.store.health() {
            self.tell(Sentence::from(&error));
            return Err("the store cannot commit; the operator's log says why".to_owned());
        }
        Ok(())
    }

    /// The collector cannot go on, unless it was to stop anyway. The message is
    /// told before whoever waits for a failure ends the process.
    pub(crate) fn fail(&self, sentence: impl Into<Sentence>) {
        let sentence = sentence.into();
        if *self.failure.state() == FailureState::Running {
            self.tell(sentence.clone());
            self.failure.settle(FailureState::Failed(sentence.to_string()));
        }
    }

    pub(crate) fn failure_watch(&self) -> FailureWatch {
        self.failure.clone()
    }

    fn tell(&self, sentence: Sentence) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.as_ref() != Some(&sentence) {
            *told = Some(sentence.clone());
            // The lock is held: whoever finds that it was told may rely on it.
            self.log.error(LogPart::Health, sentence);
        }
    }
}

/// Waits until a collector fails, so that whoever supervises the process can
/// start it again.
#[derive(Clone, Default)]
pub struct FailureWatch(Arc<Watched>);

#[derive(Default)]
struct Watched {
    state: Mutex<FailureState>,
    settled: Condvar,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum FailureState {
    #[default]
    Running,
    Failed(String),
    Stopped,
}

impl FailureWatch {
    /// Waits until a part of the collector has ended by itself, and returns a
    /// message for the operator. Returns `None` once the collector was stopped.
    #[must_use]
    pub fn wait(&self) -> Option<String> {
        let mut state = self.state();
        loop {
            match &*state {
                FailureState::Running => {
                    state = self.0.settled.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
                FailureState::Failed(message) => return Some(message.clone()),
                FailureState::Stopped => return None,
            }
        }
    }

    pub(crate) fn stop(&self) {
        self.settle(FailureState::Stopped);
    }

    /// Settles it, unless it was settled before: then it stays.
    fn settle(&self, settled: FailureState) {
        let mut state = self.state();
        if *state == FailureState::Running {
            *state = settled;
            self.0.settled.notify_all();
        }
    }

    fn state(&self) -> MutexGuard<'_, FailureState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FailureWatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("FailureWatch").field(&*self.state()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn the_first_that_is_settled_stays() {
        let failure = FailureWatch::default();
        let waiting = failure.clone();
        let waiting = thread::spawn(move || waiting.wait());
        failure.settle(FailureState::Failed("the writer has ended".to_owned()));
        failure.stop();
        assert_eq!(waiting.join().unwrap().as_deref(), Some("the writer has ended"));
        assert_eq!(failure.wait().as_deref(), Some("the writer has ended"));
        let stopped = FailureWatch::default();
        stopped.stop();
        assert_eq!(stopped.wait(), None);
    }

    #[test]
    fn a_thread_that_panics_gives_no_sign_of_life() {
        let sign = LifeSign::default();
        let part = sign.part("the thread");
        assert!((part.is_alive)());
        let panicked = thread::spawn(move || {
            let _sign = sign;
            panic!("on purpose");
        });
        panicked.join().unwrap_err();
        assert!(!(part.is_alive)());
    }
}
