//! Atomic in a real terminal of 80 columns, and the keys a person presses.

use std::path::Path;

use headcount_testkit::Home;

pub(crate) use headcount_testkit::{CursorState, Seat, SeatEnd};

const COLUMNS: u16 = 80;

/// Keys, as a terminal sends them.
pub(crate) const ENTER: &str = "\r";
pub(crate) const UP: &str = "\u{1b}[A";
pub(crate) const DOWN: &str = "\u{1b}[B";
pub(crate) const ESC: &str = "\u{1b}";
pub(crate) const CTRL_C: &str = "\u{3}";
pub(crate) const CTRL_D: &str = "\u{4}";
pub(crate) const CTRL_Z: &str = "\u{1a}";
pub(crate) const CTRL_BACKSLASH: &str = "\u{1c}";

/// Atomic with these arguments, in a terminal in which `typed` was typed before
/// it began.
pub(crate) fn take(home: &Home, args: &[&str], variables: &[(&str, &str)], typed: &str) -> Seat {
    let atomic = Path::new(env!("CARGO_BIN_EXE_atomic"));
    Seat::take(atomic, home, args, variables, COLUMNS, typed)
}

/// A shell that runs a script, in which `$0` is Atomic.
pub(crate) fn at_a_shell(home: &Home, script: &str, variables: &[(&str, &str)]) -> Seat {
    let args = ["-c", script, env!("CARGO_BIN_EXE_atomic")];
    Seat::take(Path::new("/bin/sh"), home, &args, variables, COLUMNS, "")
}
