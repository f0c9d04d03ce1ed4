//! Answers of dialects that say nothing about single events: an empty object
//! for success, an object with a sentence for an error.

use crate::Settled;
use crate::json::{Json, Object, Written, parse};

/// The body of a success.
pub(crate) const EMPTY_OBJECT: &str = "{}";

/// The body of an error: `{"error":"…"}`.
pub(crate) fn error(sentence: &str) -> String {
    let mut error = Object::new();
    error.put("error", &Written::Text(sentence));
    error.finish()
}

/// What a success may have in its body, if it has one.
#[derive(Clone, Copy)]
pub(crate) enum Success {
    /// Any JSON.
    AnyJson,
    /// A JSON object.
    Object,
}

/// Reads the body of a success, which may be empty. `None` for anything else,
/// such as the page of a proxy.
pub(crate) fn settled(body: &[u8], success: Success) -> Option<Settled> {
    let body = body.trim_ascii();
    let json = || std::str::from_utf8(body).ok().and_then(|text| parse(text).ok());
    let fits = |json: &Json<'_>| match success {
        Success::AnyJson => true,
        Success::Object => json.is_object(),
    };
    let is_answer = body.is_empty() || json().as_ref().is_some_and(fits);
    is_answer.then(|| Settled { rejected: 0, again: Vec::new() })
}
