//! Why a question has no answer.

/// Why there is no answer, and the exit code.
#[derive(Debug)]
pub(super) struct NoAnswer {
    pub(super) code: u8,
    pub(super) sentence: String,
}

impl NoAnswer {
    /// The question cannot be asked like this.
    pub(super) fn misused(sentence: impl Into<String>) -> Self {
        Self { code: 2, sentence: sentence.into() }
    }

    pub(super) fn failed(sentence: impl Into<String>) -> Self {
        Self { code: 1, sentence: sentence.into() }
    }
}
