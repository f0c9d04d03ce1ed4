//! The port through which a request leaves the machine.

use std::fmt;
use std::fs::File;
use std::time::Duration;

use super::Request;

/// Sends requests. One adapter a file.
pub trait Transport {
    /// Sends one request and reads its answer, all within `limit`.
    ///
    /// # Errors
    ///
    /// Where no answer came.
    fn send(&self, request: &Request, limit: Duration) -> Result<Response, TransportError>;

    /// The same, asking `may` at the last moment before the body leaves the
    /// machine, once: a no ends the request there. A transport that cannot tell
    /// that moment asks before it begins.
    ///
    /// `lock` says that the request is under way. What can outlive this process
    /// holds it open until the request has ended.
    ///
    /// # Errors
    ///
    /// As [`Transport::send`]; [`TransportErrorKind::Withdrawn`] after a no.
    fn send_if(
        &self,
        request: &Request,
        limit: Duration,
        _lock: &File,
        may: &mut dyn FnMut() -> bool,
    ) -> Result<Response, TransportError> {
        if may() { self.send(request, limit) } else { Err(TransportError::withdrawn()) }
    }
}

/// An answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The `Retry-After` header, as it stands.
    pub retry_after: Option<String>,
    /// The `Content-Type` header, as it stands.
    pub content_type: Option<String>,
    /// The `Headcount-Send` header, as it stands.
    pub send: Option<String>,
    /// The body of a 2xx, up to a bound. Of any other answer the head tells all,
    /// and no body is read.
    pub body: Vec<u8>,
}

impl Response {
    /// Whether it is a 2xx.
    #[cfg(any(feature = "ureq", feature = "curl"))]
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportError {
    /// In one of a few words, for a receipt.
    pub failure: TransportErrorKind,
    /// In the transport's own words.
    pub said: String,
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
    pub fn new(failure: TransportErrorKind, said: impl fmt::Display) -> Self {
        Self { failure, said: said.to_string() }
    }

    pub(crate) fn withdrawn() -> Self {
        Self::new(TransportErrorKind::Withdrawn, "it was called back before it left")
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.failure.name(), self.said)
    }
}

impl std::error::Error for TransportError {}
