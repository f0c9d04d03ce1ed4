//! Writes an export request as JSON, by proto3's JSON mapping: 64-bit integers
//! are strings.

use std::fmt::Write as _;

use super::export::{Any, Attribute, Group, INFO, Log, SCOPE_NAME, SCOPE_VERSION};
use crate::json::{list, text};

pub(super) fn write(groups: &[Group<'_>]) -> Vec<u8> {
    let logs: usize = groups.iter().map(|group| group.logs.len()).sum();
    let mut out = String::with_capacity(256 + logs * 896);
    out.push_str("{\"resourceLogs\":");
    list(&mut out, groups, group);
    out.push('}');
    out.into_bytes()
}

fn group(out: &mut String, group: &Group<'_>) {
    out.push_str("{\"resource\":{\"attributes\":");
    list(out, &group.resource, attribute);
    out.push_str("},\"scopeLogs\":[{\"logRecords\":");
    list(out, &group.logs, log);
    out.push_str(",\"scope\":{\"name\":");
    text(out, SCOPE_NAME);
    out.push_str(",\"version\":");
    text(out, SCOPE_VERSION);
    out.push_str("}}]}");
}

fn log(out: &mut String, log: &Log<'_>) {
    out.push_str("{\"attributes\":");
    list(out, &log.attributes, attribute);
    out.push_str(",\"eventName\":");
    text(out, log.name);
    // Writing into a `String` cannot fail.
    let _ = write!(out, ",\"severityNumber\":{INFO}");
    if let Some(time) = log.time {
        let _ = write!(out, ",\"timeUnixNano\":\"{time}\"");
    }
    out.push('}');
}

fn attribute(out: &mut String, attribute: &Attribute<'_>) {
    out.push_str("{\"key\":");
    text(out, &attribute.key);
    out.push_str(",\"value\":");
    any(out, &attribute.value);
    out.push('}');
}

fn any(out: &mut String, value: &Any<'_>) {
    let _ = match value {
        Any::Text(word) => return string(out, word),
        Any::Flag(flag) => write!(out, "{{\"boolValue\":{flag}}}"),
        Any::Whole(number) => write!(out, "{{\"intValue\":\"{number}\"}}"),
        Any::Decimal(number) => write!(out, "{{\"doubleValue\":{number}}}"),
        Any::List(words) => {
            out.push_str("{\"arrayValue\":{\"values\":");
            list(out, words, |out, word| string(out, word));
            out.write_str("}}")
        }
    };
}

fn string(out: &mut String, word: &str) {
    out.push_str("{\"stringValue\":");
    text(out, word);
    out.push('}');
}
