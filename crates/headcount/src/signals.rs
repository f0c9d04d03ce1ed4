//! Waiting to be told to stop: SIGINT and SIGTERM, or Ctrl-C on Windows.
//!
//! Signals are the host's own, and nothing here listens for one unless the host
//! asks for it. A host that stays and has no async runtime needs two lines:
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
//! and one, [`wait_for_stop`], where nobody can know of it before it waits. It
//! gets along with a runtime that listens for the same signals.

use std::io;

#[cfg(unix)]
use unix::Signals;
#[cfg(windows)]
use windows::Signals;

/// Signals that are listened for from now on.
#[must_use = "without `wait` a signal is heard by nobody"]
#[derive(Debug)]
pub struct Stop(Signals);

/// Starts listening: from here on a signal ends the wait and not the process,
/// also one that comes before the wait begins, and also the second one.
///
/// # Errors
///
/// What the system says.
pub fn listen() -> io::Result<Stop> {
    Signals::listen().map(Stop)
}

/// Listens, and returns when the first signal has come.
///
/// # Errors
///
/// What the system says.
pub fn wait_for_stop() -> io::Result<()> {
    listen().map(Stop::wait)
}

impl Stop {
    /// Returns when the first signal has come.
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
            let (hears, told) = UnixStream::pair()?;
            pipe::register(SIGINT, told.try_clone()?)?;
            pipe::register(SIGTERM, told)?;
            Ok(Self(hears))
        }

        pub(super) fn first(mut self) {
            // An error says that nobody can tell us any more, which ends it too.
            let _ = self.0.read_exact(&mut [0]);
        }
    }
}

#[cfg(windows)]
mod windows {
    //! Ctrl-C sets a flag, which is looked at: a console has no pipe for it.

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
            let told = Arc::new(AtomicBool::new(false));
            flag::register(SIGINT, Arc::clone(&told))?;
            Ok(Self(told))
        }

        pub(super) fn first(self) {
            while !self.0.load(Ordering::SeqCst) {
                thread::park_timeout(limits::SIGNAL_PAUSE);
            }
        }
    }
}
