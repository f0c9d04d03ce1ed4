//! Wakes the writer's thread when there is something to commit.

use std::sync::OnceLock;
use std::thread::{self, Thread};

/// Wakes one thread. A wake-up is not lost if the thread is not waiting yet.
#[derive(Debug, Default)]
pub(crate) struct Wakeup {
    thread: OnceLock<Thread>,
}

impl Wakeup {
    /// Makes the current thread the one that is woken. What happened before
    /// needs no wake-up: the thread has to look for it once, after this call.
    pub(crate) fn wake_this_thread(&self) {
        self.thread.get_or_init(thread::current);
    }

    pub(crate) fn wake(&self) {
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    /// Waits on that thread for the next wake-up, or returns now and then
    /// without one.
    pub(crate) fn wait(&self) {
        thread::park();
    }
}
