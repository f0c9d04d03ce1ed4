//! Where events go.

/// A place that events are sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Destination {
    /// The name, unique in the catalog. The progress through the queue is
    /// stored under it.
    pub name: &'static str,
    /// The protocol.
    pub dialect: Dialect,
    /// The URL: `https`, or `http` on loopback. Without a path it gets the
    /// dialect's usual path. An event with a path of its own is sent to that
    /// path on the same host.
    pub endpoint: Setting,
    /// The key that is sent with every request.
    pub key: Key,
    /// The encoding of the body, if the dialect has several.
    pub encoding: Encoding,
}

/// A protocol that destinations understand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Headcount's own: the lines of the queue as they are.
    Headcount,
    /// OTLP/HTTP logs.
    Otlp,
    /// PostHog's batch API.
    PostHog,
    /// Datadog logs.
    Datadog,
    /// OpenClacky's own endpoints.
    Clacky,
    /// `{"events":[…]}`, as in the Atomic seed.
    Http,
}

impl Dialect {
    /// Every dialect, with its name in the grammar.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Headcount, "headcount"),
        (Self::Otlp, "otlp"),
        (Self::PostHog, "posthog"),
        (Self::Datadog, "datadog"),
        (Self::Clacky, "clacky"),
        (Self::Http, "http"),
    ];

    /// Returns the name in the grammar.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(dialect, _)| *dialect == self).map_or("headcount", |(_, name)| name)
    }
}

/// The encoding of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// JSON.
    Json,
    /// JSON, one object per line: the form of Datadog's browser library, for
    /// programs on people's machines.
    Lines,
    /// Protocol buffers, only for OTLP.
    Protobuf,
}

/// The key for a destination. A key that ships with a program is public and can
/// only write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// No key is needed.
    None,
    /// A public, write-only key.
    Public(Setting),
    /// A public, write-only key that a build may give. Without it requests have
    /// none.
    Optional(Setting),
}

impl Key {
    /// How the write keys of a Headcount collector start. They are public in
    /// every dialect, because such a collector speaks all of them.
    pub const COLLECTOR_PREFIX: &str = "hcw_";

    /// Returns the key's setting; `None` if there is no key.
    #[must_use]
    pub const fn setting(&self) -> Option<Setting> {
        match self {
            Self::None => None,
            Self::Public(setting) | Self::Optional(setting) => Some(*setting),
        }
    }
}

/// A value that can be replaced when the host is built and, if allowed, when it
/// runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Setting {
    /// The value in the catalog; empty if only a build can set it.
    pub written: &'static str,
    /// The variable that is read when the host is compiled:
    /// `POSTHOG_PUBLIC_KEY`.
    pub build: Option<&'static str>,
    /// The value of that variable when the host was compiled.
    pub built: Option<&'static str>,
    /// The variable that is read when the host runs. It is honoured only with a
    /// loopback endpoint, because a key from the environment could send a
    /// person's events to somebody else's account.
    pub run: Option<&'static str>,
}

impl Setting {
    /// Returns a value that cannot be replaced.
    #[must_use]
    pub const fn fixed(written: &'static str) -> Self {
        Self { written, build: None, built: None, run: None }
    }

    /// Returns the value in this build; `None` if it is empty.
    #[must_use]
    pub fn value(&self) -> Option<&'static str> {
        let value = match self.built {
            Some(built) if !built.is_empty() => built,
            _ => self.written,
        };
        (!value.is_empty()).then_some(value)
    }
}
