//! The page of dialects, made of what lies in the repository: each product's
//! destination, the bytes that its host sends, and what a receiver made of
//! them.
//!
//! The bytes are the golden files of the wire's tests; what receivers made of
//! them is in peers/captured, which the suite of peers/ compares with real
//! receivers. This page puts the three beside one another and decides nothing.

use std::fmt::Write as _;

use serde_json::Value;

use crate::Tree;

/// Where the page lies.
pub const PATH: &str = "docs/reference/dialects.md";

const HEAD: &str = "\
# Dialects, side by side

<!-- Made by `cargo xtask dialects`: change what it is made of, not this page. -->

For each of the five products: where its catalog sends, the bytes that a host sends there, and what a
receiver made of them. The bytes are the golden files of `crates/headcount-wire/tests/golden`, one
record of every event, so that a change of what leaves people's machines is a change of a file. What a
receiver made of them was captured from the receiver itself, and `.ci/peers` compares it with what the
receiver makes of them today.
";

/// A product, and what is shown of it.
struct Shown {
    name: &'static str,
    title: &'static str,
    golden: &'static str,
    /// How the bytes are marked in the page.
    language: &'static str,
    receiver: &'static str,
    /// The list in which a request has its events, and the list's key in an
    /// official client's.
    events: Option<&'static str>,
}

const SHOWN: [Shown; 5] = [
    Shown {
        name: "atomic",
        title: "Atomic: OpenTelemetry logs",
        golden: "otlp.json",
        language: "json",
        receiver: "collector",
        events: None,
    },
    Shown {
        name: "atomcode",
        title: "AtomCode: Headcount's own lines",
        golden: "native.ndjson",
        language: "json",
        receiver: "intake",
        events: None,
    },
    Shown {
        name: "archon",
        title: "Archon: PostHog",
        golden: "posthog.json",
        language: "json",
        receiver: "intake",
        events: Some("batch"),
    },
    Shown {
        name: "assembly",
        title: "AssemblyAI CLI: Datadog, in the form of its browser library",
        golden: "datadog.ndjson",
        language: "json",
        receiver: "intake",
        events: None,
    },
    Shown {
        name: "clacky",
        title: "OpenClacky: a path for each event",
        golden: "clacky.json",
        language: "json",
        receiver: "intake",
        events: None,
    },
];

/// What becomes of fields that are kept under no name, by their last part.
const FRAME: [(&str, &str); 10] = [
    ("event", "its name"),
    ("message", "its name"),
    ("uuid", "tells a second sending"),
    ("event_id", "tells a second sending"),
    ("timestamp", "its day"),
    ("date", "its day"),
    ("distinct_id", "an HMAC of it"),
    ("device_id", "an HMAC of it"),
    ("exit_code", "kept"),
    ("duration_ms", "kept"),
];

/// The page as it must be.
///
/// # Errors
///
/// A sentence on what it cannot be made of.
pub fn dialects(tree: &Tree) -> Result<String, String> {
    let mut page = HEAD.to_owned();
    for shown in &SHOWN {
        section(&mut page, tree, shown)?;
    }
    Ok(page)
}

fn section(page: &mut String, tree: &Tree, shown: &Shown) -> Result<(), String> {
    let Shown { name, title, golden, language, receiver, .. } = shown;
    let catalog = format!("examples/{name}/telemetry.toml");
    let bytes = format!("crates/headcount-wire/tests/golden/{name}.{golden}");
    let captured = format!("peers/captured/{name}.{receiver}.json");
    let text = there(tree, &catalog)?;
    let destination = text
        .find("[[destination]]")
        .and_then(|begins| text[begins..].split("\n\n").next())
        .ok_or_else(|| format!("{catalog} has no [[destination]]"))?;
    let made = match *receiver {
        "collector" => {
            "What the OpenTelemetry Collector made of them, as its file exporter wrote it"
        }
        _ => "What our intake answered, and what can be asked of what it stored",
    };
    // Writing into a `String` cannot fail.
    let _ = write!(
        page,
        "\n## {title}\n\n\
         The destination, in `{catalog}`:\n\n```toml\n{}\n```\n\n\
         The bytes, `{bytes}`:\n\n```{language}\n{}\n```\n\n\
         {made}, `{captured}`:\n\n```json\n{}\n```\n",
        destination.trim_end(),
        there(tree, &bytes)?.trim_end(),
        there(tree, &captured)?.trim_end(),
    );
    let client = format!("peers/captured/{name}.client.json");
    if tree.text(&client).is_empty() {
        return Ok(());
    }
    beside(page, tree, shown, &client)
}

/// The first event, field by field: ours, the official client's, and what is
/// kept of both.
fn beside(page: &mut String, tree: &Tree, shown: &Shown, client: &str) -> Result<(), String> {
    let name = shown.name;
    let golden = format!("crates/headcount-wire/tests/golden/{name}.{}", shown.golden);
    let first = |value: Value| match shown.events {
        Some(list) => value[list][0].clone(),
        None => value,
    };
    let line = there(tree, &golden)?.lines().next().unwrap_or_default();
    let ours = first(json(&golden, line)?);
    let seen = json(client, there(tree, client)?)?;
    let theirs = first(seen["body"].clone());
    let intake = format!("peers/captured/{name}.intake.json");
    let stored = json(&intake, there(tree, &intake)?)?;
    let event = ours["event"].as_str().or_else(|| ours["message"].as_str()).unwrap_or_default();
    let kept = &stored["stored"][event]["by"];
    let _ = write!(
        page,
        "\nThe official client's own request for the same events, `{}`, `{client}`: our intake stored \
         the very same of it. The first event of both, field by field:\n\n\
         | field | Headcount's shipper | {} | kept |\n| --- | --- | --- | --- |\n",
        seen["path"].as_str().unwrap_or_default(),
        seen["client"].as_str().unwrap_or_default(),
    );
    let (ours, theirs) = (flat(&ours), flat(&theirs));
    let foreign = theirs.iter().filter(|(field, _)| ours.iter().all(|(own, _)| own != field));
    for (field, _) in ours.iter().chain(foreign) {
        let of = |fields: &[(String, String)]| {
            let found = fields.iter().find(|(own, _)| own == field);
            found.map_or(String::new(), |(_, value)| format!("`{value}`"))
        };
        let _ = writeln!(
            page,
            "| `{field}` | {} | {} | {} |",
            of(&ours),
            of(&theirs),
            fate(field, kept)
        );
    }
    Ok(())
}

/// What is kept of a field: the value it is counted by, what else it serves, or
/// nothing.
fn fate(field: &str, kept: &Value) -> String {
    let last = field.rsplit('.').next().unwrap_or(field);
    let counted = [field, last].into_iter().find_map(|name| kept[name].as_object()?.keys().next());
    match counted {
        Some(value) => format!("`{value}`"),
        None => {
            let known = FRAME.iter().find(|(name, _)| *name == field || *name == last);
            known.map_or("—".to_owned(), |(_, words)| (*words).to_owned())
        }
    }
}

/// Every value of an object by its path.
fn flat(value: &Value) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    flatten("", value, &mut fields);
    fields
}

fn flatten(path: &str, value: &Value, fields: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (name, value) in object {
                let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&below, value, fields);
            }
        }
        value => fields.push((path.to_owned(), value.to_string())),
    }
}

fn there<'t>(tree: &'t Tree, path: &str) -> Result<&'t str, String> {
    match tree.text(path) {
        "" => Err(format!("{path} is not there, and the page of dialects is made of it")),
        text => Ok(text),
    }
}

fn json(path: &str, text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("{path} is no JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_path() {
        let value = serde_json::json!({"a": {"b": 1, "c": {}}, "d": ["e"]});
        let found: Vec<String> =
            flat(&value).into_iter().map(|(path, value)| format!("{path}={value}")).collect();
        assert_eq!(found, ["a.b=1", "a.c={}", "d=[\"e\"]"]);
    }

    #[test]
    fn what_is_counted_is_told_by_its_value_and_what_is_not_kept_by_a_dash() {
        let kept = serde_json::json!({"properties.os": {"linux": 1}, "command": {"run": 1}});
        assert_eq!(fate("properties.os", &kept), "`linux`");
        assert_eq!(fate("properties.command", &kept), "`run`");
        assert_eq!(fate("distinct_id", &kept), "an HMAC of it");
        assert_eq!(fate("properties.$ip", &kept), "—");
    }

    #[test]
    fn what_is_missing_is_told() {
        assert!(
            dialects(&Tree::of(&[])).unwrap_err().starts_with("examples/atomic/telemetry.toml")
        );
    }
}
