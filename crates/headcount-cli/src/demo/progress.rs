//! How far the play is, for whoever waits: one line that changes in a terminal,
//! a line every few seconds elsewhere.

use std::io::Write;
use std::time::Instant;

use super::limits;

/// Where it is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Screen {
    /// What was written can be written over.
    Terminal,
    /// A file, a pipe.
    Lines,
}

/// The progress of one play.
pub(super) struct Progress<'a> {
    out: &'a mut dyn Write,
    screen: Screen,
    last: Option<Instant>,
}

/// Back to the beginning of the line, and empty it.
const AGAIN: &str = "\r\x1b[2K";

impl<'a> Progress<'a> {
    pub(super) fn new(out: &'a mut dyn Write, screen: Screen) -> Self {
        Self { out, screen, last: None }
    }

    /// A sentence of its own.
    pub(super) fn say(&mut self, sentence: &str) {
        // Whoever does not read on shall not end the play.
        let _ = writeln!(self.out, "{sentence}");
    }

    /// How far it is.
    pub(super) fn day(&mut self, number: i32, of: u16, recorded: u64) {
        let pause = match self.screen {
            Screen::Terminal => limits::PROGRESS_UPDATES,
            Screen::Lines => limits::PROGRESS_LINES,
        };
        let last = *self.last.get_or_insert_with(Instant::now);
        if last.elapsed() < pause {
            return;
        }
        self.last = Some(Instant::now());
        let line = format!("day {} of {of}, {recorded} events recorded", number + 1);
        let _ = match self.screen {
            Screen::Terminal => write!(self.out, "{AGAIN}{line}"),
            Screen::Lines => writeln!(self.out, "{line}"),
        };
        let _ = self.out.flush();
    }

    /// The play is over.
    pub(super) fn done(&mut self) {
        if self.screen == Screen::Terminal {
            let _ = write!(self.out, "{AGAIN}");
            let _ = self.out.flush();
        }
    }
}
