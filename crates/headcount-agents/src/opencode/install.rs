//! Where OpenCode takes hooks: as a plugin, which one file is to both of its
//! generations.

use crate::install::json_text::quoted;
use crate::install::limits::{OPENCODE_SESSIONS, OPENCODE_WAIT_MILLISECONDS};
use crate::install::places::{HookScope, Places};
use crate::install::table::{NOT_FOR_OTHERS, Piece, Table, Wanted};
use crate::{Agent, Moment};

/// The plugin, with places for what is installed.
const PLUGIN: &str = include_str!("plugin.js");

/// How OpenCode takes hooks.
pub(crate) fn table(places: &Places, wanted: &Wanted<'_>) -> Table {
    let folder = places.folder(places.config.as_ref(), ".config").join("opencode");
    let restart = "OpenCode reads plugins when it starts: restart it, and the background server \
                   of version 2, too.";
    let (base, still_to_do) = match wanted.scope {
        HookScope::User => (folder.clone(), vec![restart]),
        HookScope::Project => (places.project.join(".opencode"), vec![restart, NOT_FOR_OTHERS]),
    };
    let file = base.join("plugins").join(format!("{}.js", wanted.name()));
    let mark = format!("// Telemetry of {}: written by `hooks install`,", wanted.product);
    let pieces = vec![Piece::Own { file, text: plugin(wanted, &mark), mark }];
    Table {
        folder,
        programs: &["opencode", "opencode2"],
        pieces,
        still_to_do,
        switches: Vec::new(),
    }
}

/// The text of the plugin.
fn plugin(wanted: &Wanted<'_>, mark: &str) -> String {
    let words = wanted.command.arguments().iter().map(String::as_str);
    let words: Vec<String> = words.chain([Agent::OpenCode.word()]).map(quoted).collect();
    let values = [
        ("MARK", mark.to_owned()),
        ("NAME", quoted(&wanted.name())),
        ("PROGRAM", quoted(&wanted.command.program().to_string_lossy())),
        ("ARGUMENTS", format!("[{}]", words.join(", "))),
        ("COMMANDS", wanted.has(Moment::Command).to_string()),
        ("TURNS", wanted.has(Moment::Turn).to_string()),
        ("WAIT_MILLISECONDS", OPENCODE_WAIT_MILLISECONDS.to_string()),
        ("MOST_SESSIONS", OPENCODE_SESSIONS.to_string()),
    ];
    let mut text = PLUGIN.to_owned();
    for (name, value) in values {
        text = text.replacen(&format!("/*{name}*/"), &value, 1);
    }
    text
}
