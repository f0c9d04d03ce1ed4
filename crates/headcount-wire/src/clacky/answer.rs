//! What OpenClacky's endpoints say. Its client looks at nothing of it.

use crate::Settled;
use crate::json::{Object, Written, parse};

/// The body of a 200.
#[must_use]
pub fn encode_answer() -> &'static str {
    "{}"
}

/// The body of any other answer: why the event was not taken.
#[must_use]
pub fn encode_error(sentence: &str) -> String {
    let mut error = Object::new();
    error.put(("", "error"), &Written::Text(sentence));
    error.finish()
}

/// Reads the body of a 2xx; `None` where it is a page rather than an answer. No
/// document says what the endpoints answer, so nothing and any object will do.
#[must_use]
pub fn settled(body: &[u8]) -> Option<Settled> {
    let body = body.trim_ascii();
    let is_object =
        || std::str::from_utf8(body).is_ok_and(|text| parse(text).is_ok_and(|it| it.is_object()));
    (body.is_empty() || is_object()).then(|| Settled { rejected: 0, again: Vec::new() })
}
