//! Work that is done again and again, on a thread of its own.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::health::LifeSign;

/// How long the thread waits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pauses {
    /// From the start to the first time.
    pub(crate) first: Duration,
    /// From the end of each time to the next.
    pub(crate) every: Duration,
}

/// The thread. Dropping it stops it, after what it is doing.
#[derive(Debug)]
pub(crate) struct RepeatedTask {
    /// Dropping it ends the thread. Nothing is ever sent.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl RepeatedTask {
    /// Starts the thread, which keeps the life sign. The next time may be
    /// better, so a panic of `work` is not the end: `tell` gets it, or what
    /// `work` returned.
    pub(crate) fn start<T>(
        name: &str,
        pauses: Pauses,
        life_sign: LifeSign,
        work: impl Fn() -> T + Send + 'static,
        tell: impl Fn(thread::Result<T>) + Send + 'static,
    ) -> io::Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let run = move || {
            let _life_sign = life_sign;
            let mut pause = pauses.first;
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(pause) {
                tell(panic::catch_unwind(AssertUnwindSafe(&work)));
                pause = pauses.every;
            }
        };
        let thread = thread::Builder::new().name(name.to_owned()).spawn(run)?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for RepeatedTask {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It fails only if the thread panicked, which was printed.
            let _ = thread.join();
        }
    }
}
