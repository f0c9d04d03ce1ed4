//! Waits for the signal to stop: SIGINT or SIGTERM, or Ctrl-C on Windows.
//!
//! Signals belong to the host: nothing here listens unless the host asks for
//! it. A long-running host without an async runtime needs two lines:
//!
//! ```no_run
//! # fn main() -> std::io::Result<()> {
//! let stop = headcount::signals::listen()?; // from here on a signal no longer ends the process
//! // Take requests in threads of their own.
//! stop.wait();
//! // Let them end, and then `Daemon::shutdown`.
//! # Ok(())
//! # }
//! ```
//!
//! or one, [`wait_for_stop`], if no signal can come before it waits. A runtime
//! may listen for the same signals.

use std::io;

#[cfg(unix)]
use unix::Signals;
#[cfg(windows)]
use windows::Signals;

/// Listens for signals.
#[must_use = "without `wait` a signal has no effect"]
#[derive(Debug)]
pub struct Stop(Signals);

/// Starts listening: from now on a signal ends the wait and not the process,
/// even a signal before the wait begins, and even the second one.
///
/// # Errors
///
/// Returns an error if the system refuses.
pub fn listen() -> io::Result<Stop> {
    Signals::listen().map(Stop)
}

/// Listens, and returns after the first signal.
///
/// # Errors
///
/// Returns an error if the system refuses.
pub fn wait_for_stop() -> io::Result<()> {
    listen().map(Stop::wait)
}

impl Stop {
    /// Returns after the first signal.
    pub fn wait(self) {
        self.0.first();
    }
}

#[cfg(unix)]
mod unix {
    //! A signal is a byte in a pipe.

    use std::io::{self, Read as _};
    use std::os::unix::net::UnixStream;

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::low_level::pipe;

    #[derive(Debug)]
    pub(super) struct Signals(UnixStream);

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            let (receiver, sender) = UnixStream::pair()?;
            pipe::register(SIGINT, sender.try_clone()?)?;
            pipe::register(SIGTERM, sender)?;
            Ok(Self(receiver))
        }

        pub(super) fn first(mut self) {
            // An error means that no signal can arrive any more, which ends the
            // wait too.
            let _ = self.0.read_exact(&mut [0]);
        }
    }
}

#[cfg(windows)]
mod windows {
    //! Ctrl-C sets a flag, which is polled: a console has no pipe for it.

    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use signal_hook::consts::SIGINT;
    use signal_hook::flag;

    use crate::limits;

    #[derive(Debug)]
    pub(super) struct Signals(Arc<AtomicBool>);

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            let is_set = Arc::new(AtomicBool::new(false));
            flag::register(SIGINT, Arc::clone(&is_set))?;
            Ok(Self(is_set))
        }

        pub(super) fn first(self) {
            while !self.0.load(Ordering::SeqCst) {
                thread::park_timeout(limits::SIGNAL_PAUSE);
            }
        }
    }
}
