//! Prints. If the reader has gone or the disk is full, the text is lost and the
//! command goes on: `println!` would end it with a panic.

use std::fmt::Display;
use std::io::{self, Write as _};

/// Prints to standard output.
pub(crate) fn out(text: impl Display) {
    let _ = write!(io::stdout().lock(), "{text}");
}

/// Prints what a person answers on the same line.
pub(crate) fn prompt(text: impl Display) {
    out(text);
    let _ = io::stdout().flush();
}

/// Prints to standard error.
pub(crate) fn err(text: impl Display) {
    let _ = write!(io::stderr().lock(), "{text}");
}
