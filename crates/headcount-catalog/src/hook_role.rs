//! What a hook of a coding agent puts into the properties of an event: the kind
//! and the words of a property say it.

use crate::{Catalog, Event, HookEvent, Kind, Property, Reference};

/// What a hook puts into a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HookRole {
    /// An id of the event's own, which has nothing of the agent's in it.
    Id,
    /// The agent: a word of [`AGENTS`].
    Agent,
    /// When the session began.
    Started,
    /// How long the session was.
    Duration,
    /// The commands that were invoked in the session.
    Commands,
    /// The command that was invoked.
    Command,
    /// The number of turns.
    Turns,
    /// How the session ended: a word of [`ENDINGS`].
    Ended,
    /// Who invoked the command: a word of [`INVOCATIONS`].
    Invoked,
}

/// The agents, as a property can name them.
pub const AGENTS: &[&str] =
    &["claude", "codex", "copilot", "opencode", "cursor", "qwen", "goose", "gemini", "grok"];

/// How a session can end. `unknown` is one whose end no hook told.
pub const ENDINGS: &[&str] = &["exit", "clear", "resume", "logout", "error", "other", "unknown"];

/// Who can invoke a command: a person who typed it, or the model; `unknown` is
/// one of the two, where the agent does not say which.
pub const INVOCATIONS: &[&str] = &["typed", "model", "unknown"];

impl HookRole {
    /// What a hook puts into this property of an event; `None` if it has
    /// nothing for it.
    ///
    /// A `reference` to a session is the id, a time is the start, a duration
    /// the session's, `choices` are its commands, and a count its turns. A
    /// choice names the agent, the ending or who invoked the command if all of
    /// its words are such; otherwise it is the command.
    #[must_use]
    pub fn of(event: HookEvent, property: &Property) -> Option<Self> {
        let role = match property.kind {
            Kind::Reference(Reference::Session) => Self::Id,
            Kind::Time(_) => Self::Started,
            Kind::Duration { .. } => Self::Duration,
            Kind::Choices { .. } => Self::Commands,
            Kind::Count { .. } | Kind::Bucket { .. } => Self::Turns,
            Kind::Choice { set, .. } if is_of(set, AGENTS) => Self::Agent,
            Kind::Choice { set, .. } if is_of(set, ENDINGS) => Self::Ended,
            Kind::Choice { set, .. } if is_of(set, INVOCATIONS) => Self::Invoked,
            Kind::Choice { .. } => Self::Command,
            _ => return None,
        };
        role.is_known_to(event).then_some(role)
    }

    fn is_known_to(self, event: HookEvent) -> bool {
        match self {
            Self::Id | Self::Agent | Self::Started => true,
            Self::Duration | Self::Commands | Self::Turns | Self::Ended => {
                event == HookEvent::Session
            }
            Self::Command | Self::Invoked => event == HookEvent::Command,
        }
    }
}

fn is_of(set: &[&str], words: &[&str]) -> bool {
    set.iter().all(|word| words.contains(word))
}

/// The name of an event that is the session's where no event says so.
const USUAL_NAME: &str = "agent_session";

impl Event {
    /// The required properties that no hook can fill.
    pub fn unfilled(&self, event: HookEvent) -> impl Iterator<Item = &'static Property> {
        self.given().map(|(_, property)| property).filter(move |property| {
            property.absent().is_none() && HookRole::of(event, property).is_none()
        })
    }

    /// The properties that a hook fills with this, with their places.
    pub fn filled(
        &self,
        event: HookEvent,
    ) -> impl Iterator<Item = (usize, &'static Property, HookRole)> {
        self.given().filter_map(move |(place, property)| {
            Some((place, property, HookRole::of(event, property)?))
        })
    }
}

impl Catalog {
    /// The event that hooks record for this: the one that says so. Where none
    /// says anything, `agent_session` is the session's, if a hook can fill it.
    #[must_use]
    pub fn hook_event(&self, wanted: HookEvent) -> Option<&'static Event> {
        let named = self.events.iter().find(|event| event.hook == Some(wanted));
        let is_usual = |event: &&Event| {
            event.name == USUAL_NAME
                && event.unfilled(HookEvent::Session).next().is_none()
                && self.events.iter().all(|other| other.hook.is_none())
        };
        let usual = || self.events.iter().find(is_usual);
        named.or_else(|| usual().filter(|_| wanted == HookEvent::Session))
    }

    /// Whether hooks have anything to record.
    #[must_use]
    pub fn has_hook_events(&self) -> bool {
        HookEvent::ALL.into_iter().any(|wanted| self.hook_event(wanted).is_some())
    }

    /// Whether hooks fill a property with this, in any event.
    #[must_use]
    pub fn has_hook_role(&self, wanted: HookRole) -> bool {
        HookEvent::ALL.into_iter().any(|of| {
            let event = self.hook_event(of);
            event.is_some_and(|event| event.filled(of).any(|(_, _, role)| role == wanted))
        })
    }
}
