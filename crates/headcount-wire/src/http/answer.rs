//! What a server says to a list of events.

use crate::Settled;
use crate::json::{Object, Written, parse};

/// The body of a 200.
#[must_use]
pub fn encode_answer() -> &'static str {
    "{}"
}

/// The body of any other answer.
#[must_use]
pub fn encode_error(sentence: &str) -> String {
    let mut error = Object::new();
    error.put(("", "error"), &Written::Text(sentence));
    error.finish()
}

/// Reads the body of a 2xx; `None` where it is a page rather than an answer.
/// Servers of this form are anybody's, so nothing and any JSON will do.
#[must_use]
pub fn settled(body: &[u8]) -> Option<Settled> {
    let body = body.trim_ascii();
    let is_json = || std::str::from_utf8(body).is_ok_and(|text| parse(text).is_ok());
    (body.is_empty() || is_json()).then(|| Settled { rejected: 0, again: Vec::new() })
}
