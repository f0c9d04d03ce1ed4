//! Waits for the signal to stop: SIGINT or SIGTERM; on Windows Ctrl-C,
//! Ctrl-Break, a console that is closed, and the system's shutdown.
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
//! or one, [`wait_for_stop`], if no signal can come before it waits.
//!
//! A runtime may listen for the same signals. On Windows each event is told to
//! whoever began to listen last, and to nobody else.
//!
//! # Windows
//!
//! After the wait the host should end soon. If the console was closed, Windows
//! allows 5 seconds, and less at a shutdown; when they are over it ends the
//! process, whatever it does. A program that loads `user32.dll`, as one with
//! windows does, is not told of a shutdown, nor is any program told of
//! `taskkill`, which needs `/F` for a program without windows.

#[cfg(unix)]
#[path = "signals_unix.rs"]
mod system;
#[cfg(windows)]
#[path = "signals_windows.rs"]
mod system;

use std::io;

use system::Signals;

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
