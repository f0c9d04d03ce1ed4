//! Where events go.

/// One destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Destination {
    /// Its name, unique in the catalog; its progress through the queue is kept
    /// under it.
    pub name: &'static str,
    /// The protocol spoken there.
    pub dialect: Dialect,
    /// Whole URL, `https` except on loopback; a host alone means the dialect's
    /// usual path. An event with a path of its own goes to that path on the same
    /// host.
    pub endpoint: Setting,
    /// What it shows to be let in.
    pub key: Key,
    /// How a body is written, where the dialect knows several ways.
    pub encoding: Encoding,
}

/// A protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// A Headcount collector: the lines as they are.
    Headcount,
    /// OTLP/HTTP logs.
    Otlp,
    /// PostHog's batch.
    PostHog,
    /// Datadog logs, with a public client token.
    Datadog,
    /// OpenClacky's own endpoints.
    Clacky,
    /// `{"events":[…]}`, as the Atomic seed's own code posts it.
    Http,
}

impl Dialect {
    /// Every dialect with its name in the grammar.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Headcount, "headcount"),
        (Self::Otlp, "otlp"),
        (Self::PostHog, "posthog"),
        (Self::Datadog, "datadog"),
        (Self::Clacky, "clacky"),
        (Self::Http, "http"),
    ];

    /// Its name in the grammar.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(dialect, _)| *dialect == self).map_or("headcount", |(_, name)| name)
    }
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// JSON.
    Json,
    /// JSON, one object a line: the form of Datadog's browser library, for
    /// programs that ship to people.
    Lines,
    /// Protocol buffers, for OTLP.
    Protobuf,
}

/// What a destination is shown to be let in. Keys that ship are public and can
/// only write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// Nothing is asked.
    None,
    /// A public, write-only key.
    Public(Setting),
}

/// A value that a build, and where allowed a run, may replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Setting {
    /// As the catalog has it; empty for "only a build can give it".
    pub written: &'static str,
    /// The variable read when the host is compiled: `POSTHOG_PUBLIC_KEY`.
    pub build: Option<&'static str>,
    /// What that variable held then.
    pub built: Option<&'static str>,
    /// The variable read when the host runs; honoured only beside a loopback
    /// endpoint, since anybody's key in an environment would send a person's
    /// events to somebody else.
    pub run: Option<&'static str>,
}

impl Setting {
    /// A value nothing replaces.
    #[must_use]
    pub const fn fixed(written: &'static str) -> Self {
        Self { written, build: None, built: None, run: None }
    }

    /// The value in force in this build; `None` where it is empty.
    #[must_use]
    pub fn value(&self) -> Option<&'static str> {
        let value = match self.built {
            Some(built) if !built.is_empty() => built,
            _ => self.written,
        };
        (!value.is_empty()).then_some(value)
    }
}
