//! Where Goose takes hooks: in plugins, so one is ours.

use crate::install::json_text::quoted;
use crate::install::places::{HookScope, Places};
use crate::install::table::{self, NESTED, NOT_FOR_OTHERS, Piece, Table, Wanted};
use crate::{Agent, Moment};

/// The name of a command is the first word of a prompt.
const EVENTS: [(Moment, &str); 4] = [
    (Moment::Start, "SessionStart"),
    (Moment::Command, "UserPromptSubmit"),
    (Moment::Turn, "Stop"),
    (Moment::End, "SessionEnd"),
];

/// How Goose takes hooks, since 1.38. The time-out is in seconds.
pub(crate) fn table(places: &Places, wanted: &Wanted<'_>) -> Table {
    let restart = "Goose reads plugins when a session starts: start a new one.";
    let (base, still_to_do) = match wanted.scope {
        HookScope::User => (&places.home, vec![restart]),
        HookScope::Project => (&places.project, vec![restart, NOT_FOR_OTHERS]),
    };
    let plugin = base.join(".agents").join("plugins").join(wanted.name());
    let mark = format!("\"name\": {},", quoted(&wanted.name()));
    let text = format!(
        "{{\n  {mark}\n  \"version\": \"1.0.0\",\n  \"description\": {}\n}}\n",
        quoted(&format!("Anonymous usage telemetry of {}.", wanted.product)),
    );
    let entries = table::entries(Agent::Goose, wanted, &EVENTS);
    let hooks = plugin.join("hooks").join("hooks.json");
    let pieces = vec![
        Piece::Own { file: plugin.join("plugin.json"), text, mark },
        Piece::Entries { file: hooks, shape: NESTED, entries },
    ];
    let folder = places.folder(places.config.as_ref(), ".config").join("goose");
    Table { folder, programs: &["goose"], pieces, still_to_do, switches: Vec::new() }
}
