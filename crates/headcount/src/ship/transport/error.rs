//! Why no answer came.

use std::fmt;

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportError {
    kind: TransportErrorKind,
    /// In the transport's own words.
    said: String,
}

/// Why no answer came, in one of a few words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportErrorKind {
    /// Nobody knows the host's name.
    Unresolved,
    /// Nobody listens there, or no way leads there.
    Unreachable,
    /// It took too long.
    TimedOut,
    /// Who answered could not prove to be the host, or speaks no TLS of today.
    NotSecure,
    /// The proxy did not let it through.
    Proxy,
    /// The connection ended early, or what came is not HTTP.
    BrokenOff,
    /// The answer is longer than any that is meant.
    TooLong,
    /// The transport itself could not be used.
    NotRun,
    /// It was called back before it left.
    Withdrawn,
}

impl TransportErrorKind {
    /// Every failure with its name in a receipt.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Unresolved, "unresolved"),
        (Self::Unreachable, "unreachable"),
        (Self::TimedOut, "timed-out"),
        (Self::NotSecure, "not-secure"),
        (Self::Proxy, "proxy"),
        (Self::BrokenOff, "broken-off"),
        (Self::TooLong, "too-long"),
        (Self::NotRun, "not-run"),
        (Self::Withdrawn, "withdrawn"),
    ];

    /// Its name in a receipt.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(it, _)| *it == self).map_or("", |(_, name)| name)
    }
}

impl TransportError {
    /// A failure, in the transport's own words.
    pub fn new(kind: TransportErrorKind, said: impl fmt::Display) -> Self {
        Self { kind, said: said.to_string() }
    }

    /// In one of a few words, for a receipt.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the request was called back before it left.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.kind == TransportErrorKind::Withdrawn
    }

    pub(crate) fn withdrawn() -> Self {
        Self::new(TransportErrorKind::Withdrawn, "it was called back before it left")
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.kind.name(), self.said)
    }
}

impl std::error::Error for TransportError {}
