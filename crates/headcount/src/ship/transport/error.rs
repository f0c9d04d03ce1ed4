//! Why no answer came.

use std::fmt;

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportError {
    kind: TransportErrorKind,
    /// The transport's own message.
    message: String,
    is_before_the_body: bool,
}

/// The kind of a transport error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The host name cannot be resolved.
    Unresolved,
    /// The connection was refused, or there is no route.
    Unreachable,
    /// It took too long.
    TimedOut,
    /// The certificate is not valid for the host, or the TLS version is too
    /// old.
    NotSecure,
    /// The proxy refused the request or cannot be used.
    Proxy,
    /// The connection ended early, or the answer is not HTTP.
    BrokenOff,
    /// The answer is longer than the limit.
    TooLong,
    /// The transport could not be started.
    NotRun,
    /// The request was withdrawn before it left.
    Withdrawn,
}

impl TransportErrorKind {
    /// Every kind with its name in a receipt.
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
        Self::ALL.into_iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }
}

impl TransportError {
    /// An error with the transport's own message.
    pub fn new(kind: TransportErrorKind, message: impl fmt::Display) -> Self {
        Self { kind, message: message.to_string(), is_before_the_body: false }
    }

    /// The same error of a request of which no byte of the body has left,
    /// although the gate was passed. No kind of error says so by itself: a
    /// connection may turn out not to be secure while the answer is read.
    #[must_use]
    pub fn before_the_body(self) -> Self {
        Self { is_before_the_body: true, ..self }
    }

    /// Whether the transport knows that no byte of the body has left.
    #[must_use]
    pub fn is_before_the_body(&self) -> bool {
        self.is_before_the_body
    }

    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the request was withdrawn before it left.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.kind == TransportErrorKind::Withdrawn
    }

    pub(crate) fn withdrawn() -> Self {
        Self::new(TransportErrorKind::Withdrawn, "the request was withdrawn before it left")
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.kind.name(), self.message)
    }
}

impl std::error::Error for TransportError {}
