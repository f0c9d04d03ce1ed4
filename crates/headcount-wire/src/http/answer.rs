//! The answers of a server that takes a list of events.

use crate::{Settled, plain_answer};

/// Returns the body of a 200.
#[must_use]
pub fn encode_answer() -> &'static str {
    plain_answer::EMPTY_OBJECT
}

/// Returns the body of any other answer.
#[must_use]
pub fn encode_error(sentence: &str) -> String {
    plain_answer::error(sentence)
}

/// Reads the body of a 2xx; `None` if it is a stray page. Any server can take
/// this dialect, so an empty body and any JSON count as an answer.
#[must_use]
pub fn settled(body: &[u8]) -> Option<Settled> {
    plain_answer::settled(body, plain_answer::Success::AnyJson)
}
