//! Why a collector did not start, and why one did not stop well, as sentences.

use std::fmt;

/// Why a collector did not start: what, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartError {
    sentence: String,
}

impl StartError {
    pub(crate) fn because(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into() }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.sentence)
    }
}

impl std::error::Error for StartError {}
