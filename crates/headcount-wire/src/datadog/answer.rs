//! What Datadog says, and what a collector says in its place.

use crate::Settled;
use crate::json::{Object, Written, parse};

/// The body of the 202 that both forms answer. They have no way to tell of
/// single logs.
#[must_use]
pub fn encode_answer() -> &'static str {
    "{}"
}

/// The body of any other answer.
#[must_use]
pub fn encode_error(status: u16, title: &str, sentence: &str) -> String {
    let mut error = Object::after("{\"errors\":[".to_owned());
    error.put(("", "status"), &Written::Text(&status.to_string()));
    error.put(("", "title"), &Written::Text(title));
    error.put(("", "detail"), &Written::Text(sentence));
    error.finish() + "]}"
}

/// Reads a 2xx; `None` where it is not Datadog's. Its success is 202 and
/// nothing else, with an object of JSON, or without a body where a proxy has
/// taken that away.
#[must_use]
pub fn settled(status: u16, body: &[u8]) -> Option<Settled> {
    let body = body.trim_ascii();
    let is_object =
        || std::str::from_utf8(body).is_ok_and(|text| parse(text).is_ok_and(|it| it.is_object()));
    (status == 202 && (body.is_empty() || is_object()))
        .then(|| Settled { rejected: 0, again: Vec::new() })
}
