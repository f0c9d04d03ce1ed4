//! Where Copilot takes hooks: in any file of a folder, so one is ours.

use crate::install::entries::Shape;
use crate::install::places::{HookScope, Places};
use crate::install::table::{self, NOT_FOR_OTHERS, Piece, Switch, Table, Wanted};
use crate::{Agent, Moment};

/// The commands of a session are in a file that Copilot writes, which is read
/// at the end: no hook names them.
const EVENTS: [(Moment, &str); 3] =
    [(Moment::Start, "sessionStart"), (Moment::Turn, "agentStop"), (Moment::End, "sessionEnd")];

/// Each shell has its own key.
const SHAPE: Shape = Shape {
    is_nested: false,
    has_type: true,
    command: if cfg!(windows) { "powershell" } else { "bash" },
    timeout: "timeoutSec",
    version: Some(1),
};

/// How Copilot takes hooks. The time-out is in seconds.
pub(crate) fn table(places: &Places, wanted: &Wanted<'_>) -> Table {
    let folder = places.folder(places.copilot.as_ref(), ".copilot");
    let restart = "Copilot reads hooks when it starts: restart it.";
    let name = format!("{}.json", wanted.name());
    let (file, still_to_do) = match wanted.scope {
        HookScope::User => (folder.join("hooks").join(name), vec![restart]),
        HookScope::Project => {
            let trust = "Copilot runs the hooks of a folder only once you trust the folder.";
            let file = places.project.join(".github").join("hooks").join(name);
            (file, vec![restart, trust, NOT_FOR_OTHERS])
        }
    };
    let mut entries = table::entries(Agent::Copilot, wanted, &EVENTS);
    if cfg!(windows) {
        for entry in &mut entries {
            entry.command = wanted.command.powershell(Agent::Copilot, entry.event);
        }
    }
    let files = [folder.join("settings.json"), folder.join("config.json"), file.clone()];
    let switches = files.map(|file| Switch::json(file, &["disableAllHooks"], true)).to_vec();
    let pieces = vec![Piece::Entries { file, shape: SHAPE, entries }];
    Table { folder, programs: &["copilot"], pieces, still_to_do, switches }
}
