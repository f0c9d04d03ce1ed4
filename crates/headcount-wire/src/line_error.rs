//! Why a record cannot be written.

use std::fmt;

use crate::limits;

/// Why a record cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineError(Cause);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// A required property or envelope entry has no value; its key.
    Missing(&'static str),
    /// The line would be longer than [`limits::LINE_BYTES`].
    TooLong,
}

impl LineError {
    pub(crate) fn missing(key: &'static str) -> Self {
        Self(Cause::Missing(key))
    }

    pub(crate) fn too_long() -> Self {
        Self(Cause::TooLong)
    }

    /// The key of the required property or envelope entry that has no value.
    /// `None` if that is not what is wrong.
    #[must_use]
    pub fn missing_key(&self) -> Option<&'static str> {
        match self.0 {
            Cause::Missing(key) => Some(key),
            Cause::TooLong => None,
        }
    }

    /// Whether the line would be longer than [`limits::LINE_BYTES`].
    #[must_use]
    pub fn is_too_long(&self) -> bool {
        self.0 == Cause::TooLong
    }
}

impl fmt::Display for LineError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Cause::Missing(key) => write!(out, "the record has no `{key}`, which is required"),
            Cause::TooLong => {
                write!(out, "the record is longer than {} KiB", limits::LINE_BYTES / 1024)
            }
        }
    }
}

impl std::error::Error for LineError {}
