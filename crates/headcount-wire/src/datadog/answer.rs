//! The answers of Datadog, and of a collector in its place.

use crate::json::{Object, Written};
use crate::{Settled, plain_answer};

/// Returns the body of the 202 that answers both forms. Neither form can say
/// anything about a single log.
#[must_use]
pub fn encode_answer() -> &'static str {
    plain_answer::EMPTY_OBJECT
}

/// Returns the body of any other answer.
#[must_use]
pub fn encode_error(status: u16, title: &str, sentence: &str) -> String {
    let mut error = Object::after("{\"errors\":[".to_owned());
    error.put("status", &Written::Text(&status.to_string()));
    error.put("title", &Written::Text(title));
    error.put("detail", &Written::Text(sentence));
    error.finish() + "]}"
}

/// Reads a 2xx; `None` if it is not Datadog's. Its success is 202 and nothing
/// else, with a JSON object, or with no body if a proxy removed it.
#[must_use]
pub fn settled(status: u16, body: &[u8]) -> Option<Settled> {
    plain_answer::settled(body, plain_answer::Success::Object).filter(|_| status == 202)
}
