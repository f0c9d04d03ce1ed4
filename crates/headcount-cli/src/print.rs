//! Prints. If the reader has gone or the disk is full, the text is lost and the
//! command goes on: `println!` would end it with a panic.

use std::fmt::Display;
use std::io::{self, Write as _};

/// Prints what is shown once, to standard output.
///
/// # Errors
///
/// Returns an error if it was not written: then nobody has it.
pub(crate) fn only_once(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush())
}

/// Prints to standard output.
pub(crate) fn out(text: impl Display) {
    let _ = write!(io::stdout().lock(), "{text}");
}

/// Prints to standard error.
pub(crate) fn err(text: impl Display) {
    let _ = write!(io::stderr().lock(), "{text}");
}
