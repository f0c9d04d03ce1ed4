//! Stands in for an agent: a fixed answer to every message, and the result that
//! a real run would have.

use std::time::{Duration, Instant};

/// Bytes per token, by the usual rule of thumb.
const TOKEN_BYTES: usize = 4;

/// What a million tokens of a message and of an answer are said to cost.
const PROMPT_USD: f64 = 3.0;
const COMPLETION_USD: f64 = 15.0;
const PRICED_TOKENS: f64 = 1_000_000.0;

/// The answer to every message.
const TEXT: &str = "There is no model here. With one, this would be its answer.";

/// How the agent is set up.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// The name of the model.
    pub(crate) model: String,
    /// The provider of the model.
    pub(crate) provider: String,
    /// How each run ends.
    pub(crate) end: End,
}

impl Default for Setup {
    fn default() -> Self {
        Self { model: "fixed-answer".into(), provider: "openclacky".into(), end: End::Success }
    }
}

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// With an answer.
    Success,
    /// With an error of the model.
    Error,
    /// By the person, in the middle of the answer.
    Interrupted,
}

impl End {
    /// The exit code of a program that ends with this run.
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Error => 1,
            // 128 and SIGINT, as shells have it.
            Self::Interrupted => 130,
        }
    }
}

/// The result of a run.
#[derive(Debug)]
pub(crate) struct RunResult {
    /// How it ended.
    pub(crate) end: End,
    /// The answer, or the part of it that there is.
    pub(crate) text: &'static str,
    /// The name of the model.
    pub(crate) model: String,
    /// The provider of the model.
    pub(crate) provider: String,
    /// Tokens of the message.
    pub(crate) prompt_tokens: u64,
    /// Tokens of the answer.
    pub(crate) completion_tokens: u64,
    /// What both cost, in US dollars.
    pub(crate) cost_usd: f64,
    /// How long it took.
    pub(crate) took: Duration,
}

/// Runs the agent on a message. An empty message is nothing to work on, and
/// its run has no result.
pub(crate) fn run(setup: &Setup, message: &str) -> Option<RunResult> {
    if message.trim().is_empty() {
        return None;
    }
    let start = Instant::now();
    let text = match setup.end {
        End::Success => TEXT,
        End::Error => "",
        End::Interrupted => &TEXT[..TEXT.len() / 2],
    };
    let tokens = |text: &str| text.len().div_ceil(TOKEN_BYTES) as u64;
    let (prompt_tokens, completion_tokens) = (tokens(message), tokens(text));
    let price = prompt_tokens as f64 * PROMPT_USD + completion_tokens as f64 * COMPLETION_USD;
    Some(RunResult {
        end: setup.end,
        text,
        model: setup.model.clone(),
        provider: setup.provider.clone(),
        prompt_tokens,
        completion_tokens,
        cost_usd: price / PRICED_TOKENS,
        took: start.elapsed(),
    })
}
