//! The coding agents that are known, by the words of the command line.

/// A coding agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Agent {
    /// Claude Code.
    Claude,
    /// Codex CLI, its IDE extension and its desktop app.
    Codex,
    /// GitHub Copilot CLI.
    Copilot,
    /// OpenCode, both generations.
    OpenCode,
    /// Cursor, the editor and its command line.
    Cursor,
    /// Qwen Code.
    Qwen,
    /// Goose.
    Goose,
    /// Gemini CLI.
    Gemini,
    /// Grok Build, which runs the hooks of Claude Code's files. It has none of
    /// its own here: it is found by what it sets, and never installed for.
    Grok,
}

impl Agent {
    /// Those for which hooks can be installed, in the order of support.
    pub const INSTALLABLE: [Self; 8] = [
        Self::Claude,
        Self::Codex,
        Self::Copilot,
        Self::OpenCode,
        Self::Cursor,
        Self::Qwen,
        Self::Goose,
        Self::Gemini,
    ];

    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Claude,
        Self::Codex,
        Self::Copilot,
        Self::OpenCode,
        Self::Cursor,
        Self::Qwen,
        Self::Goose,
        Self::Gemini,
        Self::Grok,
    ];

    /// The word on command lines, in installed hooks and in events.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Claude => "claude",
            Self::Codex => "codex",
            Self::Copilot => "copilot",
            Self::OpenCode => "opencode",
            Self::Cursor => "cursor",
            Self::Qwen => "qwen",
            Self::Goose => "goose",
            Self::Gemini => "gemini",
            Self::Grok => "grok",
        }
    }

    /// The name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Claude => "Claude Code",
            Self::Codex => "Codex CLI",
            Self::Copilot => "Copilot CLI",
            Self::OpenCode => "OpenCode",
            Self::Cursor => "Cursor",
            Self::Qwen => "Qwen Code",
            Self::Goose => "Goose",
            Self::Gemini => "Gemini CLI",
            Self::Grok => "Grok Build",
        }
    }

    /// Whether one process of it has one session at a time. Codex has a server
    /// in the background, OpenCode one too, and Cursor and Goose have windows.
    pub(crate) fn has_one_session_at_a_time(self) -> bool {
        matches!(self, Self::Claude | Self::Copilot | Self::Qwen | Self::Gemini | Self::Grok)
    }

    /// The agent with this word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|agent| agent.word() == word)
    }
}
