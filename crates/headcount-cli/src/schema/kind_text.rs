//! A property as the grammar writes it.

use headcount_catalog::{Absent, Grain, Kind, Property, Reference, Unit};

/// Returns the definition of a property, but for its name and what it is for.
pub(super) fn definition(property: &Property) -> String {
    let mut pairs = kind(&property.kind);
    if let Some(absent) = property.optional {
        let absent = match absent {
            Absent::Null => "null",
            Absent::Omit => "omit",
        };
        pairs.push(format!("optional = \"{absent}\""));
    }
    if let Some(last) = property.expires {
        pairs.push(format!("expires = \"{last}\""));
    }
    match (property.failure, property.kind) {
        ([], _) => {}
        ([word], Kind::Flag) => pairs.push(format!("failure = {word}")),
        (words, _) => pairs.push(format!("failure = {}", list(words))),
    }
    match pairs.as_slice() {
        [only] if only.starts_with("is = ") => only["is = ".len()..].to_owned(),
        _ => format!("{{ {} }}", pairs.join(", ")),
    }
}

/// The keys of a kind.
fn kind(kind: &Kind) -> Vec<String> {
    let plain = || vec![format!("is = \"{}\"", kind.name())];
    let other = |other: Option<&str>| other.map(|word| format!("other = {}", quoted(word)));
    match *kind {
        Kind::Flag | Kind::ExitCode | Kind::Version | Kind::Locale | Kind::Location => plain(),
        Kind::Choice { set, other: bucket }
        | Kind::Choices { set, other: bucket }
        | Kind::Function { set, other: bucket }
        | Kind::Class { set, other: bucket } => {
            let mut pairs = vec![format!("{} = {}", kind.name(), list(set))];
            pairs.extend(other(bucket));
            pairs
        }
        Kind::Count { cap } => vec![format!("count = {cap}")],
        Kind::Amount { unit, cap, decimals } => vec![
            format!("amount = {}", quoted(unit)),
            format!("cap = {cap}"),
            format!("decimals = {decimals}"),
        ],
        Kind::Bucket { ladder } => {
            let rungs: Vec<String> = ladder.iter().map(u64::to_string).collect();
            vec![format!("bucket = [{}]", rungs.join(", "))]
        }
        Kind::Duration { unit, cap } => {
            let unit = match unit {
                Unit::Milliseconds => "ms",
                Unit::Seconds => "s",
            };
            vec![format!("duration = \"{unit}\""), format!("cap = {cap}")]
        }
        Kind::Token { alphabet, most } => {
            vec![format!("token = {}", quoted(alphabet)), format!("most = {most}")]
        }
        Kind::Frames { most } => vec![format!("frames = {most}")],
        Kind::Scrubbed { most, because } => {
            vec![format!("scrubbed = {most}"), format!("because = {}", quoted(because))]
        }
        Kind::Reference(reference) => {
            let word = match reference {
                Reference::Session => "session",
                Reference::Turn => "turn",
                Reference::Account => "account",
            };
            vec![format!("reference = \"{word}\"")]
        }
        Kind::CountOf(of) => vec![format!("count-of = {}", quoted(of))],
        Kind::Time(grain) => {
            let named = Grain::ALL.into_iter().find(|(own, _)| *own == grain);
            vec![format!("time = \"{}\"", named.map_or("second", |(_, name)| name))]
        }
        Kind::Constant(word) => vec![format!("constant = {}", quoted(word))],
    }
}

fn list(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    format!("[{}]", words.join(", "))
}

/// A string of TOML: a string of JSON is one, too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
