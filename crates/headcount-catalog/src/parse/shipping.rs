//! `[shipping]`: who ships, how a host starts itself to ship, what marks that
//! child.

use super::fields::{Fields, leak, leak_list};
use super::list::{self, ItemRule};
use super::names;
use super::notes::Notes;
use super::toml_tree::Pair;
use crate::{Mode, Shipping, limits};

pub(super) const MODES: [(Mode, &str); 3] =
    [(Mode::Detached, "detached"), (Mode::Thread, "thread"), (Mode::Daemon, "daemon")];

const COMMAND: &[&str] = &["telemetry", "flush"];

pub(super) fn read(pair: Option<&Pair>, prefix: &str, notes: &mut Notes<'_>) -> Option<Shipping> {
    let own = leak(&format!("{prefix}_TELEMETRY_FLUSH"));
    let Some(pair) = pair else {
        return Some(Shipping { mode: Mode::Detached, command: COMMAND, marker: own });
    };
    let mut fields = Fields::new(pair.table(notes)?, "`[shipping]`");
    let mode = match fields.text("mode", notes) {
        Some(text) => text.one_of(&MODES, notes),
        None => Some(Mode::Detached),
    };
    let rule = ItemRule {
        must: "one argument of printable characters without spaces",
        fits: names::is_argument,
        most: limits::LIST_ITEMS,
    };
    let command = match fields.find("command") {
        Some(pair) => list::texts(pair, &rule, notes).map(leak_list),
        None => Some(COMMAND),
    };
    let marker = match fields.text("marker", notes) {
        Some(text) => text.checked(names::is_variable, names::VARIABLE, notes),
        None => Some(own),
    };
    fields.finish(notes);
    Some(Shipping { mode: mode?, command: command?, marker: marker? })
}
