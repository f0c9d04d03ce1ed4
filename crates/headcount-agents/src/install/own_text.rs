//! The text of a file of our own, for a product that keeps it under another
//! name.

use super::hooks::Hooks;
use super::places::HookScope;
use super::table::Piece;
use crate::Agent;

impl Hooks {
    /// The text of the file that is the hook, for an agent that takes a file
    /// instead of a command: OpenCode. A product that writes the file itself,
    /// elsewhere in the folder of plugins, removes it itself.
    #[must_use]
    pub fn own_file_text(&self, agent: Agent) -> Option<String> {
        let pieces = self.table(agent, HookScope::Project)?.pieces;
        pieces.into_iter().find_map(|piece| match piece {
            Piece::Own { text, .. } => Some(text),
            Piece::Entries { .. } => None,
        })
    }
}
