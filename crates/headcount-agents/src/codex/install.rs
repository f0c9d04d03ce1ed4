//! Where Codex takes hooks: in a file of its own, and only after a person has
//! reviewed them.

use crate::install::limits::CODEX_END_SECONDS;
use crate::install::places::{HookScope, Places};
use crate::install::table::{self, NESTED, NOT_FOR_OTHERS, Piece, Switch, Table, Wanted};
use crate::{Agent, Moment};

/// The name of a command is the first word of a prompt.
const EVENTS: [(Moment, &str); 4] = [
    (Moment::Start, "SessionStart"),
    (Moment::Command, "UserPromptSubmit"),
    (Moment::Turn, "Stop"),
    (Moment::End, "SessionEnd"),
];

/// What a person must do for every hook that is new or changed.
pub(crate) const REVIEW: &str =
    "Codex skips hooks that you have not reviewed: start `codex`, type /hooks, and trust them.";

/// How Codex takes hooks. The time-out is in seconds. It knows a hook by its
/// place in the file and by its text: so it is added at the end, and its text
/// stays the same in every release.
pub(crate) fn table(places: &Places, wanted: &Wanted<'_>) -> Table {
    let folder = places.folder(places.codex.as_ref(), ".codex");
    let (file, still_to_do) = match wanted.scope {
        HookScope::User => (folder.join("hooks.json"), vec![REVIEW]),
        HookScope::Project => {
            let file = places.project.join(".codex").join("hooks.json");
            let trust = "Codex reads the hooks of a folder only once you trust the folder.";
            (file, vec![trust, REVIEW, NOT_FOR_OTHERS])
        }
    };
    let mut entries = table::entries(Agent::Codex, wanted, &EVENTS);
    for entry in entries.iter_mut().filter(|entry| entry.event == "SessionEnd") {
        entry.timeout = CODEX_END_SECONDS;
    }
    let files = [folder.join("config.toml"), places.project.join(".codex").join("config.toml")];
    let switches = files.into_iter().flat_map(|file| {
        [
            Switch::toml(file.clone(), &["features", "hooks"], false),
            Switch::toml(file, &["features", "codex_hooks"], false),
        ]
    });
    let switches = switches.collect();
    let pieces = vec![Piece::Entries { file, shape: NESTED, entries }];
    Table { folder, programs: &["codex"], pieces, still_to_do, switches }
}
