//! The schema of a kind: what its values look like on a line.

use headcount_catalog::{Event, Kind, Unit};
use serde_json::{Value, json};

use super::pattern;

/// Returns the schema of the values of a kind. A property that counts another
/// one finds it in its event.
pub(super) fn schema(kind: &Kind, event: Option<&Event>) -> Value {
    match *kind {
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Choice { set, other }
        | Kind::Function { set, other }
        | Kind::Class { set, other } => words(set, other),
        Kind::Choices { set, other } => {
            json!({ "type": "array", "items": words(set, other), "uniqueItems": true })
        }
        Kind::Count { cap } => whole(cap),
        Kind::Duration { unit, cap } => {
            let mut schema = whole(cap);
            schema["$comment"] = match unit {
                Unit::Milliseconds => "milliseconds".into(),
                Unit::Seconds => "seconds".into(),
            };
            schema
        }
        Kind::Amount { unit, cap, decimals } => json!({
            "type": "number",
            "minimum": 0,
            "maximum": cap,
            // Not `multipleOf`: validators divide with floats, and 0.07 fails.
            "$comment": format!("{unit}, with at most {decimals} decimals"),
        }),
        Kind::Bucket { ladder } => {
            let rungs: Vec<u64> = std::iter::once(0).chain(ladder.iter().copied()).collect();
            json!({ "enum": rungs })
        }
        Kind::ExitCode => json!({ "type": "integer", "minimum": i32::MIN, "maximum": u32::MAX }),
        Kind::Version => pattern::version(),
        Kind::Locale => pattern::locale(),
        Kind::Token { alphabet, most } => pattern::token(alphabet, most),
        Kind::Location => pattern::location(),
        Kind::Frames { most } => {
            json!({ "type": "array", "items": pattern::frame(), "maxItems": most })
        }
        Kind::Scrubbed { most, .. } => pattern::scrubbed(most),
        Kind::Reference(_) => pattern::reference(),
        Kind::CountOf(of) => whole(most_words(event, of)),
        Kind::Time(grain) => pattern::time(grain),
        Kind::Constant(word) => json!({ "const": word }),
    }
}

/// A closed set of words, and its bucket.
pub(super) fn words(
    set: impl IntoIterator<Item = &'static &'static str>,
    other: Option<&'static str>,
) -> Value {
    let words: Vec<&str> = set.into_iter().copied().chain(other).collect();
    json!({ "enum": words })
}

fn whole(cap: u64) -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": cap })
}

/// How many words a property can have.
fn most_words(event: Option<&Event>, of: &str) -> u64 {
    let counted = event.and_then(|event| event.property(of));
    let set = counted.and_then(|(_, property)| property.kind.set());
    let most = set.map(|(set, other)| set.len() + usize::from(other.is_some()));
    most.and_then(|most| u64::try_from(most).ok()).unwrap_or(u64::from(u16::MAX))
}
