//! Stands in for a model: a fixed answer to every prompt, and its token counts.

use std::time::{Duration, Instant};

/// Most bytes of a prompt that the model gets.
const PROMPT_BYTES: usize = 4_096;

/// Bytes per token, by the usual rule of thumb.
const TOKEN_BYTES: usize = 4;

/// The answer to every prompt.
const TEXT: &str = "There is no model here. With one, this would be its answer.";

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Its text.
    pub(crate) text: &'static str,
    /// How long it took.
    pub(crate) took: Duration,
    /// Tokens of the prompt.
    pub(crate) input_tokens: u64,
    /// Tokens of the text.
    pub(crate) output_tokens: u64,
}

/// Answers a prompt.
#[inline(never)]
pub(crate) fn to(prompt: &str) -> Answer {
    let start = Instant::now();
    let shown = shown(prompt);
    let tokens = |text: &str| text.len().div_ceil(TOKEN_BYTES) as u64;
    Answer {
        text: TEXT,
        input_tokens: tokens(shown),
        output_tokens: tokens(TEXT),
        took: start.elapsed(),
    }
}

/// The part of a prompt that the model gets.
///
/// It cuts at a byte, so it crashes if a two-byte character crosses the limit,
/// with a message that quotes the prompt. The tests of what a crash may report
/// use this.
#[inline(never)]
fn shown(prompt: &str) -> &str {
    &prompt[..prompt.len().min(PROMPT_BYTES)]
}
