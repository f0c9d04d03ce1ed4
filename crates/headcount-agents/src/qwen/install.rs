//! Where Qwen Code takes hooks: in its settings.

use crate::install::places::{HookScope, Places};
use crate::install::table::{self, NESTED, NOT_FOR_OTHERS, Piece, Switch, Table, Wanted};
use crate::{Agent, Moment};

/// It tells the end of a session only in a terminal; without one, a session is
/// over when the next begins.
const EVENTS: [(Moment, &str); 4] = [
    (Moment::Start, "SessionStart"),
    (Moment::Command, "UserPromptExpansion"),
    (Moment::Turn, "Stop"),
    (Moment::End, "SessionEnd"),
];

/// How Qwen Code takes hooks. The time-out is in seconds, below 1,000.
pub(crate) fn table(places: &Places, wanted: &Wanted<'_>) -> Table {
    let folder = places.folder(places.qwen.as_ref(), ".qwen");
    let (file, still_to_do) = match wanted.scope {
        HookScope::User => (folder.join("settings.json"), Vec::new()),
        HookScope::Project => {
            let trust = "Qwen Code runs the hooks of a folder only once you trust the folder.";
            (places.project.join(".qwen").join("settings.json"), vec![trust, NOT_FOR_OTHERS])
        }
    };
    let entries = table::entries(Agent::Qwen, wanted, &EVENTS);
    let files = [folder.join("settings.json"), places.project.join(".qwen").join("settings.json")];
    let switches = files.into_iter().flat_map(|file| {
        [
            Switch::json(file.clone(), &["disableAllHooks"], true),
            Switch::json(file, &["hooksConfig", "enabled"], false),
        ]
    });
    let switches = switches.collect();
    let pieces = vec![Piece::Entries { file, shape: NESTED, entries }];
    Table { folder, programs: &["qwen"], pieces, still_to_do, switches }
}
