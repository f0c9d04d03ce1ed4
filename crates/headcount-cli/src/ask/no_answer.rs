//! Why a question has no answer.

/// Why there is no answer, and the exit code.
#[derive(Debug)]
pub(crate) struct NoAnswer {
    pub(crate) code: u8,
    pub(crate) sentence: String,
}

impl NoAnswer {
    /// The question cannot be asked like this.
    pub(crate) fn misused(sentence: impl Into<String>) -> Self {
        Self { code: 2, sentence: sentence.into() }
    }

    pub(crate) fn failed(sentence: impl Into<String>) -> Self {
        Self { code: 1, sentence: sentence.into() }
    }
}
