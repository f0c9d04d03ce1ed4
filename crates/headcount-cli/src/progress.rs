//! How far something is, for whoever waits.

use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

use crate::print;

/// How often it is told, from the first time on.
const PAUSE: Duration = Duration::from_secs(1);

/// Back to the beginning of the line, and empty it.
const AGAIN: &str = "\r\x1b[2K";

/// Tells on standard error how far something is: nothing within the first
/// second, and in a terminal always in one line.
pub(crate) struct Progress {
    told: Instant,
    is_terminal: bool,
    is_shown: bool,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { told: Instant::now(), is_terminal: io::stderr().is_terminal(), is_shown: false }
    }

    /// Tells it, unless it was told a moment ago.
    pub(crate) fn tell(&mut self, text: impl FnOnce() -> String) {
        if self.told.elapsed() >= PAUSE {
            self.tell_now(text());
        }
    }

    /// Tells what comes next, if anything was told before it.
    pub(crate) fn tell_next(&mut self, text: &str) {
        if self.is_shown || self.told.elapsed() >= PAUSE {
            self.tell_now(text);
        }
    }

    fn tell_now(&mut self, text: impl std::fmt::Display) {
        self.told = Instant::now();
        self.is_shown = true;
        let (before, after) = if self.is_terminal { (AGAIN, "") } else { ("", "\n") };
        print::err(format_args!("{before}{text}{after}"));
    }

    /// Removes what was told in a terminal.
    pub(crate) fn end(&self) {
        if self.is_shown && self.is_terminal {
            print::err(AGAIN);
        }
    }
}
