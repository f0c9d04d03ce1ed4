//! Wakes the writer's thread when there is something to commit.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Thread};

/// Wakes one thread. A wake-up is not lost if the thread is not waiting yet.
#[derive(Debug, Default)]
pub(crate) struct Wakeup {
    thread: OnceLock<Thread>,
    /// A wake-up that nobody has waited for yet. What the thread does between
    /// two waits may park it as well, as a channel does.
    is_woken: AtomicBool,
}

impl Wakeup {
    /// Makes the current thread the one that is woken. What happened before
    /// needs no wake-up: the thread has to look for it once, after this call.
    pub(crate) fn wake_this_thread(&self) {
        self.thread.get_or_init(thread::current);
    }

    pub(crate) fn wake(&self) {
        // Not a store: what every earlier waker did is seen with this one.
        self.is_woken.swap(true, Ordering::AcqRel);
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    /// Waits on that thread for the next wake-up.
    pub(crate) fn wait(&self) {
        while !self.is_woken.swap(false, Ordering::AcqRel) {
            thread::park();
        }
    }
}
