//! Whether a person sits at a terminal.

use std::io::IsTerminal as _;

use crate::Surroundings;

/// Whether there is a terminal for input and output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminal {
    /// Standard input, output and error are a terminal, it is not dumb, the
    /// program runs in its foreground, and not in a coding agent's shell.
    Present,
    /// Anything else.
    Absent,
}

impl Terminal {
    /// The terminal of the running process.
    #[must_use]
    pub fn of_this_process(surroundings: &Surroundings) -> Self {
        // A Windows console has no such variable.
        let term = surroundings.variable("TERM").filter(|term| !term.is_empty());
        let dumb = term.map_or(cfg!(not(windows)), |term| term == "dumb");
        // A program that reads standard output would wait for the answer.
        let terminal = std::io::stdin().is_terminal()
            && std::io::stdout().is_terminal()
            && std::io::stderr().is_terminal();
        let is_there =
            terminal && !dumb && surroundings.agent_marker().is_none() && is_in_foreground();
        if is_there { Self::Present } else { Self::Absent }
    }
}

/// The terminal stops a background program that reads from it, and the person
/// would not know why.
#[cfg(unix)]
fn is_in_foreground() -> bool {
    // SAFETY: both calls take and return plain numbers and touch no memory of
    // ours; a descriptor that is not a terminal gives an error, and so no
    // group.
    #[expect(unsafe_code, reason = "std knows no process groups")]
    let (in_front, own) = unsafe { (libc::tcgetpgrp(libc::STDIN_FILENO), libc::getpgrp()) };
    in_front == own
}

/// A Windows console has no background processes.
#[cfg(not(unix))]
fn is_in_foreground() -> bool {
    true
}
