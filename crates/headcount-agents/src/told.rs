//! What one call of a hook tells of a session.

use hmac_sha256::Hash;

use crate::Agent;
use crate::command_name::CommandName;

/// What one call tells.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) agent: Agent,
    pub(crate) session: SessionKey,
    pub(crate) what: What,
    /// The path of a transcript that the payload names, which nobody has looked
    /// at yet.
    pub(crate) transcript: Option<String>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// A session begins.
    Start,
    /// A session goes on: it was resumed, or compacted.
    Continued,
    /// A command was invoked.
    Command(CommandName, Invocation),
    /// A turn is done.
    Turn,
    /// The session is over.
    End(Ending),
}

/// Who invoked a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Invocation {
    /// A person, who typed its name.
    Typed,
    /// The model.
    Model,
    /// One of the two: the agent does not say which.
    Unknown,
}

impl Invocation {
    /// The word of events.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Typed => "typed",
            Self::Model => "model",
            Self::Unknown => "unknown",
        }
    }
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The person ended the agent.
    Exit,
    /// The person cleared the conversation.
    Clear,
    /// The person went on with another session.
    Resume,
    /// The person logged out.
    Logout,
    /// It failed.
    Error,
    /// In a way that the agent does not tell apart.
    Other,
    /// No hook told it.
    Unknown,
}

impl Ending {
    /// The ending with this word.
    pub(crate) fn read(word: &str) -> Option<Self> {
        let all = [
            Self::Exit,
            Self::Clear,
            Self::Resume,
            Self::Logout,
            Self::Error,
            Self::Other,
            Self::Unknown,
        ];
        all.into_iter().find(|ending| ending.word() == word)
    }

    /// The word of events.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Exit => "exit",
            Self::Clear => "clear",
            Self::Resume => "resume",
            Self::Logout => "logout",
            Self::Error => "error",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}

/// A session on this machine: a hash of the agent's own id, which goes nowhere
/// else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SessionKey(String);

impl SessionKey {
    /// The key of the session with this id; `None` if that is empty.
    pub(crate) fn of(agent: Agent, id: &str) -> Option<Self> {
        if id.is_empty() {
            return None;
        }
        let mut hash = Hash::new();
        hash.update(agent.word());
        hash.update([0]);
        hash.update(id);
        Some(Self(hex(&hash.finalize()[..16])))
    }

    /// A key from a note.
    pub(crate) fn noted(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
