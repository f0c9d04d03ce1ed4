//! Where things are, go and stay: `[files]`, `[identity]`, `[[destination]]`,
//! `[shipping]`, `[retention]`, `[opentelemetry]`.

use headcount_catalog::{WordList, limits};
use serde_json::{Value, json};

use super::table::{self, Table};
use super::text;

pub(super) fn files() -> Value {
    Table::new()
        .needs("folder", "The folder that all other paths are relative to.", folder())
        .needs("settings", "Your settings file, and Headcount's keys in it.", settings())
        .needs("queue", "The file that events are appended to, with an extension.", text::file())
        .may("marker", "An empty file that marks that the notice was shown.", text::file())
        .may("state", "Headcount's state file, which ends with `.json`.", text::file())
        .described()
}

fn folder() -> Value {
    let each = Table::new()
        .needs("linux", "Such as ${XDG_DATA_HOME:-~/.local/share}/tool.", text::folder())
        .needs("macos", "Such as ~/Library/Application Support/tool.", text::folder())
        .needs("windows", "Such as %LOCALAPPDATA%/tool.", text::folder())
        .described();
    json!({ "anyOf": [text::folder(), each] })
}

fn settings() -> Value {
    Table::new()
        .needs("file", "Its path.", text::file())
        .needs("enabled", "The key that turns telemetry on and off.", text::key_path())
        .may("given", "The key that says that the person agreed.", text::key_path())
        .may("created", "The key for the time when the file was created.", text::key_path())
        .may(
            "format",
            "Its format, if the extension does not say it.",
            text::one_of(WordList::SettingsFormats),
        )
        .described()
}

pub(super) fn identity() -> Value {
    Table::new()
        .needs("scheme", "How the id is made, if there is one.", text::one_of(WordList::Schemes))
        .may(
            "count",
            "With the scheme `none`: the periods of which a machine marks its first event.",
            text::list(&text::one_of(WordList::Periods), WordList::Periods.words().len()),
        )
        .may("rotate", "How long an id is used.", text::one_of(WordList::Rotations))
        .may("file", "A file of its own for a random id.", text::file())
        .may("key", "Or a key for it in the settings file.", text::key_path())
        .may("rotated", "The key for the month of the id.", text::key_path())
        .described()
}

pub(super) fn destinations() -> Value {
    let mut one = Table::new()
        .needs("kind", "The dialect that it speaks.", text::one_of(WordList::Dialects))
        .may("name", "Its name, if another one has the same kind.", text::name())
        .needs("endpoint", "Its URL, over TLS or on loopback.", endpoint())
        .may("key", "A key that can only write.", key())
        .may("encoding", "How requests are written.", text::one_of(WordList::Encodings))
        .described();
    // Others need none.
    one["if"] = json!({ "properties": { "kind": { "enum": ["posthog", "datadog"] } } });
    one["then"] = json!({ "required": ["key"] });
    json!({ "type": "array", "items": one, "minItems": 1, "maxItems": limits::LIST_ITEMS })
}

fn endpoint() -> Value {
    let table = Table::new()
        .needs("value", "The URL, unless a build replaces it.", text::endpoint())
        .may("build", "The variable with which a build replaces it.", text::variable())
        .described();
    json!({ "anyOf": [text::endpoint(), table] })
}

fn key() -> Value {
    let mut table = Table::new()
        .may("value", "The key.", text::argument())
        .may("build", "The variable with which a build sets it.", text::variable())
        .may("run", "The variable that replaces it at run time.", text::variable())
        .may(
            "optional",
            "`omit`: requests have no key where a build gives none.",
            json!({ "const": "omit" }),
        )
        .described();
    table["anyOf"] = json!([{ "required": ["value"] }, { "required": ["build"] }]);
    json!({ "anyOf": [text::argument(), table] })
}

pub(super) fn shipping() -> Value {
    Table::new()
        .may("mode", "Who ships.", text::one_of(WordList::Modes))
        .may(
            "command",
            "The arguments with which the program starts itself to ship.",
            text::list(&text::argument(), limits::LIST_ITEMS),
        )
        .may("marker", "The variable that marks that process.", text::variable())
        .described()
}

pub(super) fn retention() -> Value {
    Table::new()
        .may("on-machine", "Events on the person's machine, such as `30d`.", text::days())
        .may("raw", "Raw events in the collector, such as `90d`.", text::days())
        .described()
}

pub(super) fn observed() -> Value {
    let service = json!({ "type": "string", "pattern": text::EVENT });
    Table::new()
        .may(
            "services",
            "The names by which the program calls itself in `service.name`.",
            text::list(&service, limits::LIST_ITEMS),
        )
        .may(
            "told-apart-by",
            "Attributes that tell a record from another one of the same moment.",
            text::list(&text::key_path(), limits::LIST_ITEMS),
        )
        .may(
            "attributes",
            "Attributes, each with the property or the entry that it becomes.",
            table::of_names(&text::keys(), &json!({ "type": "string" })),
        )
        .described()
}
