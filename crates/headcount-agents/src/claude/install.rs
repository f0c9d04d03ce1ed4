//! Where Claude Code takes hooks: in its settings, which several agents read.

use crate::install::places::{HookScope, Places};
use crate::install::table::{self, NESTED, NOT_FOR_OTHERS, Piece, Switch, Table, Wanted};
use crate::{Agent, Moment};

/// `UserPromptExpansion` is told for commands that a person typed, since
/// 2.1.116; older ones ignore it.
const EVENTS: [(Moment, &str); 4] = [
    (Moment::Start, "SessionStart"),
    (Moment::Command, "UserPromptExpansion"),
    (Moment::Turn, "Stop"),
    (Moment::End, "SessionEnd"),
];

/// How Claude Code takes hooks. The time-out is in seconds; at the end of a
/// session it raises the 1.5 seconds that are the default.
pub(crate) fn table(places: &Places, wanted: &Wanted<'_>) -> Table {
    let folder = places.folder(places.claude.as_ref(), ".claude");
    let (file, still_to_do) = match wanted.scope {
        HookScope::User => (folder.join("settings.json"), Vec::new()),
        HookScope::Project => {
            let trust = "Claude Code runs the hooks of a folder only once you trust the folder.";
            (places.project.join(".claude").join("settings.json"), vec![trust, NOT_FOR_OTHERS])
        }
    };
    let entries = table::entries(Agent::Claude, wanted, &EVENTS);
    let project = places.project.join(".claude");
    let files = [
        folder.join("settings.json"),
        project.join("settings.json"),
        project.join("settings.local.json"),
    ];
    let switches = files.map(|file| Switch::json(file, &["disableAllHooks"], true)).to_vec();
    let pieces = vec![Piece::Entries { file, shape: NESTED, entries }];
    Table { folder, programs: &["claude"], pieces, still_to_do, switches }
}
