//! What every event carries besides its own properties.

use crate::{Absent, Grain, Kind, Reference, Words};

/// One entry of the envelope: a key of the line and where its value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EnvelopeEntry {
    /// The key; a dot nests: `repo_origin.host`. For [`Source::Properties`] the
    /// key of the object that holds the properties, or empty for the line itself.
    pub key: &'static str,
    /// Where the value comes from.
    pub source: Source,
    /// What stands there when there is none; `None` makes it required.
    pub optional: Option<Absent>,
}

/// Where the value of an entry comes from. A closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The event's id, a version-7 UUID cut to the day.
    EventId,
    /// The event's name.
    Event,
    /// When it was recorded.
    Time(Grain),
    /// The device, under the catalog's identity.
    Device,
    /// The session, minted by the host.
    Session,
    /// The turn within a session.
    Turn,
    /// The account, only while logged in; the collector keeps an HMAC of it.
    Account,
    /// The host's own version.
    Version,
    /// The catalog's version, as a number.
    CatalogVersion,
    /// The operating system, in a vocabulary.
    Platform(Words),
    /// The processor, in a vocabulary.
    Arch(Words),
    /// The language and region: `en-US`.
    Locale,
    /// Whether the program runs in continuous integration.
    Ci,
    /// Always this word, unless an event restates it.
    Constant(&'static str),
    /// Set by the host at run time, within a kind.
    Host(Kind),
    /// Here stand the event's own properties.
    Properties,
}

impl Source {
    /// The kind of values that come from there, where one kind says it all.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Host(kind) => Some(*kind),
            Self::Version => Some(Kind::Version),
            Self::Locale => Some(Kind::Locale),
            Self::Ci => Some(Kind::Flag),
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
