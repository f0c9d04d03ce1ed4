//! The forms of text in the file: names, words, sentences, paths, addresses.
//! They are those of the parser, or wider: `headcount check` is the judge.

use headcount_catalog::{WordList, limits};
use serde_json::{Value, json};

/// A key of the line, or of the settings file.
const KEY: &str = "[A-Za-z_$][A-Za-z0-9_$\\-]{0,63}";

/// One of a closed list.
pub(super) fn one_of(list: WordList) -> Value {
    json!({ "enum": list.words() })
}

/// Text of a form, with at most so many characters.
fn form(pattern: &str, most: usize) -> Value {
    json!({ "type": "string", "pattern": pattern, "maxLength": most })
}

pub(super) const NAME: &str = "^[a-z][a-z0-9\\-]*$";

/// The name of a product, a purpose or a destination.
pub(super) fn name() -> Value {
    form(NAME, limits::NAME_BYTES)
}

/// An environment variable.
pub(super) fn variable() -> Value {
    form("^[A-Z][A-Z0-9_]*$", limits::NAME_BYTES)
}

/// The beginning of such variables.
pub(super) fn prefix() -> Value {
    form("^[A-Z](?:[A-Z0-9_]*[A-Z0-9])?$", limits::NAME_BYTES)
}

/// The form of an event's name.
pub(super) const EVENT: &str = "^[A-Za-z0-9][A-Za-z0-9._:\\-]{0,63}$";

/// The form of a property's name.
pub(super) fn key() -> String {
    format!("^{KEY}$")
}

/// The form of keys that are joined by dots.
pub(super) fn keys() -> String {
    format!("^{KEY}(?:\\.{KEY})*$")
}

/// The form of an entry's key: its own properties have a star.
pub(super) fn entry() -> String {
    format!("^(?:\\*|{KEY}\\.\\*|{KEY}(?:\\.{KEY})*)$")
}

pub(super) fn key_path() -> Value {
    form(&keys(), limits::WORD_BYTES)
}

/// A word of a closed set: printable ASCII without quotation marks, backticks
/// and backslashes, and no space at either end.
pub(super) fn word() -> Value {
    let inner = "!\\x23-\\x26\\x28-\\x5b\\x5d-\\x5fa-~";
    form(&format!("^[{inner}](?:[ {inner}]*[{inner}])?$"), limits::WORD_BYTES)
}

/// Text on one line.
pub(super) fn line() -> Value {
    form("^[^\\x00-\\x1f\\x7f-\\x9f]+$", limits::TEXT_CHARACTERS)
}

/// Text on several lines.
pub(super) fn sentence() -> Value {
    form("^(?:[^\\x00-\\x1f\\x7f-\\x9f]|\\n)+$", limits::TEXT_CHARACTERS)
}

/// Items that differ.
pub(super) fn list(item: &Value, most: usize) -> Value {
    json!({ "type": "array", "items": item, "minItems": 1, "maxItems": most, "uniqueItems": true })
}

/// A path inside the folder.
pub(super) fn file() -> Value {
    form("^[A-Za-z0-9._\\-]+(?:/[A-Za-z0-9._\\-]+)*$", limits::PATH_BYTES)
}

pub(super) fn folder() -> Value {
    form("^(?:~|\\$\\{|%|/)", limits::PATH_BYTES)
}

/// Where events are sent.
pub(super) fn endpoint() -> Value {
    form(
        "^(?:https://.|http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\])(?:[:/?]|$))",
        limits::ADDRESS_BYTES,
    )
}

pub(super) fn page() -> Value {
    form("^https://.", limits::ADDRESS_BYTES)
}

/// A page, or a mail address.
pub(super) fn contact() -> Value {
    form("^(?:https://.|[A-Za-z0-9._+\\-]+@[A-Za-z0-9.\\-]+$)", limits::ADDRESS_BYTES)
}

pub(super) fn url_path() -> Value {
    form("^/[A-Za-z0-9/._~\\-]*$", limits::PATH_BYTES)
}

pub(super) fn argument() -> Value {
    form("^[!-~]+$", limits::WORD_BYTES)
}

/// A last day.
pub(super) fn day() -> Value {
    json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
}

/// A number of days.
pub(super) fn days() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]+d$", "examples": ["30d"] })
}

/// The characters of a token.
pub(super) fn alphabet() -> Value {
    json!({
        "type": "string",
        "pattern": "^[!\\x23-\\x26\\x28-\\x3f\\x41-\\x5b\\x5d-\\x5fa-~]+$",
        "examples": ["a-z0-9.-"],
    })
}

pub(super) fn whole(from: u64, to: u64) -> Value {
    json!({ "type": "integer", "minimum": from, "maximum": to })
}
