//! The moments of a session at which a hook is called.

/// A moment of an agent's session at which a hook can be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Moment {
    /// The session begins, or goes on after it was resumed, cleared or
    /// compacted.
    Start,
    /// A person invokes a command or a skill by name.
    Command,
    /// A turn of the agent is done.
    Turn,
    /// The session is over.
    End,
}

impl Moment {
    /// All of them, in the order in which a session goes.
    pub const ALL: [Self; 4] = [Self::Start, Self::Command, Self::Turn, Self::End];
}
