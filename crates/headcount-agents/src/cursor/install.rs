//! Where Cursor takes hooks: in a file of its own, in the flat shape.

use crate::install::entries::Shape;
use crate::install::places::{HookScope, Places};
use crate::install::table::{self, NOT_FOR_OTHERS, Piece, Table, Wanted};
use crate::{Agent, Moment};

/// The end of a session is told when a window closes, and then no command can
/// run any more: the last turn stands for it.
const EVENTS: [(Moment, &str); 3] =
    [(Moment::Start, "sessionStart"), (Moment::Turn, "stop"), (Moment::End, "stop")];

const SHAPE: Shape = Shape {
    is_nested: false,
    has_type: false,
    command: "command",
    timeout: "timeout",
    version: Some(1),
};

/// How Cursor takes hooks. The time-out is in seconds. It reads the file again
/// by itself.
pub(crate) fn table(places: &Places, wanted: &Wanted<'_>) -> Table {
    let folder = places.home.join(".cursor");
    let (file, still_to_do) = match wanted.scope {
        HookScope::User => (folder.join("hooks.json"), Vec::new()),
        HookScope::Project => {
            let trust = "Cursor runs the hooks of a workspace only once you trust the workspace.";
            (places.project.join(".cursor").join("hooks.json"), vec![trust, NOT_FOR_OTHERS])
        }
    };
    let entries = table::entries(Agent::Cursor, wanted, &EVENTS);
    let pieces = vec![Piece::Entries { file, shape: SHAPE, entries }];
    Table {
        folder,
        programs: &["cursor", "cursor-agent"],
        pieces,
        still_to_do,
        switches: Vec::new(),
    }
}
