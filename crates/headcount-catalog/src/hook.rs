//! What hooks of coding agents record events for.

/// What an event of a hook is recorded for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HookEvent {
    /// A whole session, once it is over.
    Session,
    /// The start of a session.
    Start,
    /// A command or a skill that was invoked by its name.
    Command,
}

impl HookEvent {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Session, Self::Start, Self::Command];

    /// The word in the grammar.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Start => "start",
            Self::Command => "command",
        }
    }
}
