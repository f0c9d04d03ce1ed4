//! The port through which a request leaves the machine.

use std::time::Duration;

use super::error::TransportError;
use super::gate::Gate;
use super::request::Request;

/// Sends requests. One adapter a file.
pub trait Transport {
    /// Sends one request and reads its answer, all within `limit`.
    ///
    /// # Errors
    ///
    /// Where no answer came.
    fn send(&self, request: &Request, limit: Duration) -> Result<Response, TransportError>;

    /// The same through a gate, which is passed once, at the last moment before the body leaves the
    /// machine: one that is shut ends the request there. A transport that cannot tell that moment
    /// passes it before it begins.
    ///
    /// # Errors
    ///
    /// As [`Transport::send`]; [`TransportErrorKind::Withdrawn`](super::TransportErrorKind::Withdrawn) where the gate is shut.
    fn send_through(
        &self,
        request: &Request,
        limit: Duration,
        gate: &mut Gate<'_>,
    ) -> Result<Response, TransportError> {
        gate.pass()?;
        self.send(request, limit)
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
