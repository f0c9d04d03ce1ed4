//! Whether somebody sits there.

use std::io::IsTerminal as _;

use crate::Surroundings;

/// Whether there is a terminal to read from and to write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminal {
    /// Standard input and standard error are one, it is not a dumb one, and the
    /// program runs in its foreground.
    Present,
    /// Not so.
    Absent,
}

impl Terminal {
    /// The one of the running process.
    #[must_use]
    pub fn of_this_process(surroundings: &Surroundings) -> Self {
        let dumb =
            surroundings.variable("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        let dumb = dumb && !cfg!(windows);
        let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        if terminal && !dumb && is_in_foreground() { Self::Present } else { Self::Absent }
    }
}

/// A program that asks from the background of a shell would be stopped by the
/// terminal, and its person would never know why.
#[cfg(unix)]
fn is_in_foreground() -> bool {
    // SAFETY: both calls take and return plain numbers and touch no memory of
    // ours; a descriptor that is no terminal gives an error, and so no group.
    #[expect(unsafe_code, reason = "std knows no process groups")]
    let (in_front, own) = unsafe { (libc::tcgetpgrp(libc::STDIN_FILENO), libc::getpgrp()) };
    in_front == own
}

/// Consoles of Windows have no background.
#[cfg(not(unix))]
fn is_in_foreground() -> bool {
    true
}
