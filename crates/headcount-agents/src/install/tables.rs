//! Finds an agent's table.

use super::places::Places;
use super::table::{Table, Wanted};
use crate::Agent;
use crate::{claude, codex, copilot, cursor, gemini, goose, opencode, qwen};

/// How an agent takes hooks; `None` for one that has no hooks of its own.
pub(crate) fn table(agent: Agent, places: &Places, wanted: &Wanted<'_>) -> Option<Table> {
    let table = match agent {
        Agent::Claude => claude::install::table,
        Agent::Codex => codex::install::table,
        Agent::Copilot => copilot::install::table,
        Agent::OpenCode => opencode::install::table,
        Agent::Cursor => cursor::install::table,
        Agent::Qwen => qwen::install::table,
        Agent::Goose => goose::install::table,
        Agent::Gemini => gemini::install::table,
        Agent::Grok => return None,
    };
    Some(table(places, wanted))
}
