//! The text of a first catalog, with a comment for each decision in it.

use super::wanted::{NewDefault, Wanted};

/// Returns the text, with a first event.
pub(super) fn text(wanted: &Wanted) -> String {
    head(wanted) + FIRST_EVENT
}

const FIRST_EVENT: &str = r#"
[event.command]
why = "Which commands are used, and do they work?"
owner = "cli team"

[event.command.properties]
# The words are a closed set; every other command is reported as "other".
name = { choice = ["build", "test"], other = "other" }
worked = { is = "flag", failure = false }
took = { duration = "ms", cap = 3_600_000 }
"#;

/// Returns everything before the events.
pub(crate) fn head(wanted: &Wanted) -> String {
    let Wanted { product, default, endpoint } = wanted;
    let (prefix, title) = (wanted.prefix(), quoted(&wanted.title()));
    let (word, meaning) = match default {
        NewDefault::Off => ("off", "Off until a person turns it on."),
        NewDefault::Ask => ("ask", "Off until a person is asked, once, and says yes."),
        NewDefault::On => {
            ("on", "On until a person turns it off, after a notice. Some laws ask for \"ask\".")
        }
    };
    let (product, endpoint) = (quoted(product), quoted(endpoint));
    let folder = &wanted.product;
    format!(
        r#"# Everything that this program may ever report. Nothing else can leave a machine.
# The grammar: https://github.com/headcount-rs/headcount/blob/main/docs/catalog.md
grammar = 1
# Raise it with each release that reports something else.
catalog = 1

[product]
name = {product}
prefix = "{prefix}"
title = {title}
# Where people read what is collected: publish what `headcount docs` prints.
# policy = "https://example.org/telemetry"

[consent]
# {meaning}
default = "{word}"
# The first of these that says something decides.
order = ["ci", "environment", "do-not-track", "flag", "settings"]
variables = [{{ name = "{prefix}_TELEMETRY", refuses = "0" }}]

[files]
folder = {{ linux = "${{XDG_DATA_HOME:-~/.local/share}}/{folder}", macos = "~/Library/Application Support/{folder}", windows = "%LOCALAPPDATA%/{folder}" }}
settings = {{ file = "telemetry.json", enabled = "enabled" }}
queue = "events.jsonl"

[identity]
# No id: a device marks its first event of each day, week and month instead, and those are counted.
scheme = "none"
count = ["day", "week", "month"]

[envelope]
# With every event.
id = "event-id"
event = "event"
time = {{ is = "time", grain = "hour" }}
version = "version"
platform = "platform"

[[destination]]
kind = "headcount"
endpoint = {endpoint}

[retention]
on-machine = "30d"
raw = "90d"
"#
    )
}

/// A string of TOML: a string of JSON is one, too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
