//! Findings as SARIF 2.1.0, which code scanning reads.

use serde_json::{Value as Json, json};

use super::explain;
use super::finding::{Finding, Level, Source};

/// Where the schema of this form is.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn text(sources: &[Source], findings: &[Finding]) -> String {
    let rules = explain::all();
    let listed: Vec<Json> = rules
        .iter()
        .map(|(code, name, explanation)| {
            json!({
                "id": code,
                "name": name,
                "shortDescription": { "text": name.replace('-', " ") },
                "fullDescription": { "text": explanation },
            })
        })
        .collect();
    let results: Vec<Json> = findings
        .iter()
        .map(|finding| {
            let rule = rules.iter().position(|(code, ..)| *code == finding.code);
            result(&sources[finding.source], finding, rule)
        })
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "headcount",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": listed,
            }},
            // Columns of ours are characters.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log}\n")
}

fn result(source: &Source, finding: &Finding, rule: Option<usize>) -> Json {
    let (start, end) = (source.position(finding.span.0), source.position(finding.span.1));
    let level = match finding.level {
        Level::Mistake => "error",
        Level::Advice => "warning",
        Level::Hint => "note",
    };
    json!({
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": level,
        "message": { "text": finding.message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&source.url) },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        }}],
    })
}

/// A path as a reference of a URI (RFC 3986): what is not allowed in a path is
/// written in hexadecimal digits.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
