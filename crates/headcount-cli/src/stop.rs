//! Waiting to be told to stop: SIGINT and SIGTERM, or Ctrl-C on Windows.

use std::io;

use tokio::runtime::{Builder, Runtime};

/// Signals that are listened for from now on.
pub(crate) struct Waiting {
    runtime: Runtime,
    signals: Signals,
}

/// Starts listening: from here on a signal ends the wait and not the process.
///
/// # Errors
///
/// What the system says.
pub(crate) fn listen() -> io::Result<Waiting> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let signals = runtime.block_on(async { Signals::listen() })?;
    Ok(Waiting { runtime, signals })
}

impl Waiting {
    /// Returns when the first signal has come.
    pub(crate) fn wait(mut self) {
        self.runtime.block_on(self.signals.first());
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn first(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
}

#[cfg(windows)]
impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self { interrupt: tokio::signal::windows::ctrl_c()? })
    }

    async fn first(&mut self) {
        self.interrupt.recv().await;
    }
}
