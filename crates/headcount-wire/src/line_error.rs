//! Why a record cannot be written as a line.

use std::fmt;

use crate::limits;

/// Why a record could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineError {
    /// A property or envelope entry that must be there is not.
    Missing(&'static str),
    /// The line would be longer than [`limits::LINE_BYTES`].
    TooLong,
}

impl fmt::Display for LineError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(key) => {
                write!(out, "the record has no `{key}`, which its catalog requires")
            }
            Self::TooLong => {
                write!(out, "the record is longer than {} bytes", limits::LINE_BYTES)
            }
        }
    }
}

impl std::error::Error for LineError {}
