//! The trait of transports, and the answer they return.

use std::time::Duration;

use super::error::TransportError;
use super::gate::Gate;
use super::request::Request;

/// Sends requests. Implement it to ship over another HTTP client.
pub trait Transport {
    /// Sends one request and reads its answer, all within `limit`.
    ///
    /// # Errors
    ///
    /// Returns an error if no answer came.
    fn send(&self, request: &Request, limit: Duration) -> Result<Response, TransportError>;

    /// The same through a gate, which is passed once, just before the body
    /// leaves the machine. A shut gate ends the request. A transport that
    /// cannot detect that moment passes the gate before it begins.
    ///
    /// Whoever passed the gate is taken to have sent the body, whatever error
    /// follows, unless the error is one [before the
    /// body](TransportError::before_the_body).
    ///
    /// # Errors
    ///
    /// Those of [`Transport::send`], and
    /// [`TransportErrorKind::Withdrawn`](super::TransportErrorKind::Withdrawn)
    /// if the gate is shut.
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
    /// The `Retry-After` header, unchanged.
    pub retry_after: Option<String>,
    /// The `Content-Type` header, unchanged.
    pub content_type: Option<String>,
    /// The `Headcount-Send` header, unchanged.
    pub send: Option<String>,
    /// The body of a 2xx, up to a limit. Of any other answer the first bytes,
    /// as far as they came: its status and headers say what to do.
    pub body: Vec<u8>,
}

impl Response {
    /// Whether it is a 2xx.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
