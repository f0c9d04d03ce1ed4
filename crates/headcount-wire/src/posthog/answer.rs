//! What PostHog says, and what a collector says in its place.

use std::collections::BTreeMap;

use crate::json::{Object, Written, parse, text};
use crate::{Json, Outcome, Settled};

/// The body of a 200 to `/batch/`, `/capture/` and the like: they have no way
/// to tell of single events, and their clients look at the status alone.
#[must_use]
pub fn encode_answer() -> &'static str {
    "{\"status\":\"Ok\"}"
}

/// The body of a 200 to `/i/v1/analytics/events`: what became of each event that
/// had an id. `warning` is not used: an event is in the store or it is not.
#[must_use]
pub fn encode_results<'a>(events: impl IntoIterator<Item = (Option<&'a str>, Outcome)>) -> String {
    // An id that came twice has one result, and sending again outweighs.
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

/// The body of any other answer, in the shape that the newer clients read and
/// the others print.
#[must_use]
pub fn encode_error(tag: &str, sentence: &str) -> String {
    let mut error = Object::new();
    error.put("error", &Written::Text(tag));
    error.put("error_description", &Written::Text(sentence));
    error.finish()
}

/// Reads the body of a 200 to a batch of `sent` events; `None` where it is not
/// PostHog's: a stray page's 200 settles nothing.
///
/// Over its quota PostHog takes a batch and keeps nothing of it.
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
