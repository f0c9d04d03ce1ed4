//! What went wrong, as a sentence: what, where, and what to do.

use std::fmt;

/// Why a store cannot be opened, did not commit or cannot answer.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreError {
    sentence: String,
}

impl StoreError {
    /// From a whole sentence. It must say what, where and what to do, and hold nothing of an event.
    #[must_use]
    pub fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into() }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.sentence)
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "StoreError({:?})", self.sentence)
    }
}

impl std::error::Error for StoreError {}
