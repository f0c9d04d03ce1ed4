//! The answers of PostHog, and of a collector in its place.

use std::collections::BTreeMap;

use crate::json::{Object, Written, parse, text};
use crate::{Json, Outcome, Settled};

/// Returns the body of a 200 to `/batch/`, `/capture/` and similar paths. It
/// cannot say anything about single events, and the clients look only at the
/// status.
#[must_use]
pub fn encode_answer() -> &'static str {
    "{\"status\":\"Ok\"}"
}

/// Returns the body of a 200 to `/i/v1/analytics/events`: the result of each
/// event that had an id. The result `warning` is never used.
#[must_use]
pub fn encode_results<'a>(events: impl IntoIterator<Item = (Option<&'a str>, Outcome)>) -> String {
    // An id that occurs twice has one result; `retry` wins.
    let mut results: BTreeMap<&str, Outcome> = BTreeMap::new();
    for (uuid, outcome) in events {
        let Some(uuid) = uuid else { continue };
        let known = results.entry(uuid).or_insert(outcome);
        if outcome == Outcome::Refused {
            *known = outcome;
        }
    }
    let mut out = "{\"results\":{".to_owned();
    for (place, (uuid, outcome)) in results.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        text(&mut out, uuid);
        out.push(':');
        let mut result = Object::after(out);
        let (word, details) = match outcome {
            Outcome::Stored | Outcome::Duplicate => ("ok", None),
            Outcome::Rejected(reason) => ("drop", Some(reason.name())),
            Outcome::Refused => ("retry", None),
        };
        result.put("result", &Written::Text(word));
        if let Some(details) = details {
            result.put("details", &Written::Text(details));
        }
        out = result.finish();
    }
    out.push_str("}}");
    out
}

/// Returns the body of any other answer, in the form that newer clients read
/// and older ones print.
#[must_use]
pub fn encode_error(tag: &str, sentence: &str) -> String {
    let mut error = Object::new();
    error.put("error", &Written::Text(tag));
    error.put("error_description", &Written::Text(sentence));
    error.finish()
}

/// Reads the body of a 200 to a batch of `sent` events; `None` if it is not
/// PostHog's, so that the page of a proxy settles nothing.
///
/// If the project is over its quota, PostHog accepts a batch and drops all of
/// it.
#[must_use]
pub fn settled(body: &[u8], sent: usize) -> Option<Settled> {
    let json = parse(std::str::from_utf8(body).ok()?).ok()?;
    let is_taken = match json.get("status")? {
        Json::Text(status) => status.eq_ignore_ascii_case("ok"),
        Json::Whole(status) => *status == 1,
        _ => false,
    };
    let is_limited = json.get("quota_limited").is_some_and(|limited| !limited.items().is_empty());
    let rejected = if is_limited { sent as u64 } else { 0 };
    is_taken.then(|| Settled { rejected, again: Vec::new() })
}
