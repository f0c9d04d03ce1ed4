//! Where Gemini CLI takes hooks: in its settings.

use crate::install::places::{HookScope, Places};
use crate::install::table::{self, NESTED, NOT_FOR_OTHERS, Piece, Switch, Table, Wanted};
use crate::{Agent, Moment};

/// No hook names a command: what a person typed is expanded before.
const EVENTS: [(Moment, &str); 3] =
    [(Moment::Start, "SessionStart"), (Moment::Turn, "AfterAgent"), (Moment::End, "SessionEnd")];

/// How Gemini CLI takes hooks. The time-out is in milliseconds.
pub(crate) fn table(places: &Places, wanted: &Wanted<'_>) -> Table {
    let folder = places.gemini.as_ref().unwrap_or(&places.home).join(".gemini");
    let (file, still_to_do) = match wanted.scope {
        HookScope::User => (folder.join("settings.json"), Vec::new()),
        HookScope::Project => {
            let trust = "Gemini CLI runs the hooks of a folder only once you trust the folder, \
                         and warns of new ones.";
            (places.project.join(".gemini").join("settings.json"), vec![trust, NOT_FOR_OTHERS])
        }
    };
    let mut entries = table::entries(Agent::Gemini, wanted, &EVENTS);
    for entry in &mut entries {
        entry.timeout *= 1_000;
    }
    let files =
        [folder.join("settings.json"), places.project.join(".gemini").join("settings.json")];
    let switches = files.into_iter().flat_map(|file| {
        [
            Switch::json(file.clone(), &["hooksConfig", "enabled"], false),
            Switch::list(file, &["hooksConfig", "disabled"]),
        ]
    });
    let switches = switches.collect();
    let pieces = vec![Piece::Entries { file, shape: NESTED, entries }];
    Table { folder, programs: &["gemini"], pieces, still_to_do, switches }
}
