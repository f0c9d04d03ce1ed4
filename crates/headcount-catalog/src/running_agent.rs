//! Which coding agent runs a host: a closed set of names.

use crate::Kind;

/// The agents that can be told apart.
const NAMES: [&str; 32] = [
    "amazonq",
    "amp",
    "antigravity",
    "augment",
    "claude",
    "cline",
    "codebuddy",
    "codex",
    "copilot",
    "crush",
    "cursor",
    "devin",
    "firebender",
    "gemini",
    "goose",
    "grok",
    "hermes",
    "iflow",
    "junie",
    "kilo",
    "kiro",
    "openclaw",
    "opencode",
    "openhands",
    "pi",
    "qwen",
    "replit",
    "roo",
    "trae",
    "vtcode",
    "warp",
    "windsurf",
];

/// The coding agent in whose shell a host runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunningAgent {
    /// Its name in lower case, or `other`.
    pub name: &'static str,
    /// Whether a person attends to it; `None` if it does not say so.
    pub is_attended: Option<bool>,
}

impl RunningAgent {
    /// The name of every agent that has none here.
    pub const OTHER: &'static str = "other";

    /// The names, as a property has them.
    pub const KIND: Kind = Kind::Choice { set: &NAMES, other: Some(Self::OTHER) };

    /// Every name but `other`.
    pub const NAMES: &'static [&'static str] = &NAMES;
}
