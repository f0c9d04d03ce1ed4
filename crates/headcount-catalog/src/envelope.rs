//! What every event contains besides its own properties.

use crate::{Absent, Age, Grain, Kind, Period, Reference, RunningAgent, Words};

/// An entry of the envelope: a key of the line, and where its value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EnvelopeEntry {
    /// The key. A dot nests: `repo_origin.host`. For [`Source::Properties`] it
    /// is the key of the object that contains the properties, or empty for the
    /// line itself.
    pub key: &'static str,
    /// Where the value comes from.
    pub source: Source,
    /// What is written if there is no value; `None` if the entry is required.
    pub optional: Option<Absent>,
}

/// Where the value of an entry comes from. The list is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The id of the event: a version-7 UUID whose time is cut to the day.
    EventId,
    /// The name of the event.
    Event,
    /// The time when the event was recorded.
    Time(Grain),
    /// The id of the device, as the catalog's identity makes it.
    Device,
    /// The session, set by the host.
    Session,
    /// The turn in a session, set by the host.
    Turn,
    /// The account, while somebody is logged in. The collector stores only an
    /// HMAC of it.
    Account,
    /// The version of the host.
    Version,
    /// The version of the catalog.
    CatalogVersion,
    /// The operating system, in a vocabulary.
    Platform(Words),
    /// The processor, in a vocabulary.
    Arch(Words),
    /// The language and region: `en-US`.
    Locale,
    /// Whether the host runs in continuous integration.
    Ci,
    /// Always this word, unless an event has its own.
    Constant(&'static str),
    /// Set by the host at run time, with a kind.
    Host(Kind),
    /// The place of the event's own properties.
    Properties,
    // A catalog without these keeps the fingerprint that it had before them.
    /// The periods of which this is the device's first event, if there are any.
    Marks,
    /// How long the device has been counted, on an event with a mark.
    Age,
    /// The coding agent that runs the host, if there is one.
    Agent,
    /// Whether a person attends to that agent, if it says so.
    Attended,
}

impl Source {
    /// Returns the kind of the values of this source, if a kind describes them.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Host(kind) => Some(*kind),
            Self::Version => Some(Kind::Version),
            Self::Locale => Some(Kind::Locale),
            Self::Ci | Self::Attended => Some(Kind::Flag),
            Self::Agent => Some(RunningAgent::KIND),
            Self::Marks => Some(Period::MARKS),
            Self::Age => Some(Age::KIND),
            Self::CatalogVersion => Some(Kind::Count { cap: u64::from(u32::MAX) }),
            Self::Device | Self::Session => Some(Kind::Reference(Reference::Session)),
            Self::Turn => Some(Kind::Reference(Reference::Turn)),
            Self::Account => Some(Kind::Reference(Reference::Account)),
            Self::EventId
            | Self::Event
            | Self::Time(_)
            | Self::Platform(_)
            | Self::Arch(_)
            | Self::Constant(_)
            | Self::Properties => None,
        }
    }
}
