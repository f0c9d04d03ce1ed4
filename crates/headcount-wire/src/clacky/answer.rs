//! The answers of OpenClacky's endpoints. Its client does not look at them.

use crate::{Settled, plain_answer};

/// Returns the body of a 200.
#[must_use]
pub fn encode_answer() -> &'static str {
    plain_answer::EMPTY_OBJECT
}

/// Returns the body of any other answer, with the reason why the event was not
/// accepted.
#[must_use]
pub fn encode_error(sentence: &str) -> String {
    plain_answer::error(sentence)
}

/// Reads the body of a 2xx; `None` if it is a stray page. No document says what
/// the endpoints answer, so an empty body and any object count as an answer.
#[must_use]
pub fn settled(body: &[u8]) -> Option<Settled> {
    plain_answer::settled(body, plain_answer::Success::Object)
}
