//! What ends `headcount serve`.

use std::process;
use std::sync::mpsc;
use std::thread;

use headcount::signals;
use headcount_collector::{FailureWatch, LogPart, OperatorLog};

/// Why serving ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It was told to stop.
    Signal,
    /// A part of the collector has ended by itself, which it has told.
    Failure,
}

impl Ending {
    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self::Signal => 0,
            Self::Failure => 1,
        }
    }

    /// Waits for whichever comes first. A supervisor starts a process again
    /// that has ended, and not one that answers 503 for ever.
    ///
    /// From then on a signal ends the process at once: what was not
    /// acknowledged is sent again.
    pub(super) fn wait(signal: signals::Stop, failure: FailureWatch, log: &OperatorLog) -> Self {
        let (first, end) = mpsc::channel();
        let second = first.clone();
        let log = log.clone();
        thread::spawn(move || {
            signal.wait();
            let again = signals::listen();
            // Nobody listens if the other one was first.
            let _ = first.send(Self::Signal);
            if let Ok(again) = again {
                again.wait();
                log.warn(LogPart::Process, "a second signal: it ends at once");
                process::exit(1);
            }
        });
        thread::spawn(move || {
            if failure.wait().is_some() {
                let _ = second.send(Self::Failure);
            }
        });
        end.recv().unwrap_or(Self::Failure)
    }
}
