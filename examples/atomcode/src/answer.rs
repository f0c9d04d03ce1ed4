//! What stands for a model: a fixed answer to every prompt, and what it used.

use std::time::{Duration, Instant};

/// Bytes of a prompt that a model is shown.
const PROMPT_BYTES: usize = 4_096;

/// Bytes that count as one token, by the usual rule of thumb.
const TOKEN_BYTES: usize = 4;

/// What every prompt is answered with.
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

/// As much of a prompt as a model is shown.
///
/// It cuts at a byte, and so it crashes where a letter of two bytes lies across
/// the end, with a message that quotes the prompt. The tests of what a crash
/// tells crash it there.
#[inline(never)]
fn shown(prompt: &str) -> &str {
    &prompt[..prompt.len().min(PROMPT_BYTES)]
}
