//! The dialects side by side: which encoder a destination needs, how much fits
//! into one request, and the path where a dialect's receivers usually listen.

use headcount_catalog::{Destination, Dialect, Encoding};

use crate::{LineError, Payload, Post, clacky, datadog, http, limits, native, otlp, posthog};

/// How much goes into one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Events.
    pub events: usize,
    /// Bytes of their lines.
    pub bytes: usize,
}

/// What `destination` is sent for `payload`.
///
/// # Errors
///
/// [`LineError`] where a record is not one its catalog accepts; never for one
/// that [`read`](crate::read) returned.
pub fn encode(destination: &Destination, payload: &Payload<'_>) -> Result<Post, LineError> {
    match destination.dialect {
        Dialect::Headcount => native::encode(payload),
        Dialect::Otlp => otlp::encode(payload, destination.encoding),
        Dialect::PostHog => posthog::encode(payload),
        Dialect::Datadog if destination.encoding == Encoding::Lines => datadog::encode(payload),
        Dialect::Datadog => datadog::encode_for_servers(payload),
        Dialect::Clacky => clacky::encode(payload),
        Dialect::Http => http::encode(payload),
    }
}

/// How much of a queue goes into one request.
#[must_use]
pub fn capacity(dialect: Dialect) -> Capacity {
    let events = match dialect {
        Dialect::Clacky => clacky::limits::REQUEST_EVENTS,
        Dialect::Datadog => datadog::limits::REQUEST_EVENTS,
        Dialect::Headcount | Dialect::Otlp | Dialect::PostHog | Dialect::Http => usize::MAX,
    };
    Capacity { events: events.min(limits::BATCH_EVENTS), bytes: limits::BATCH_BYTES }
}

/// Where a dialect's receivers listen when an address names a host alone.
#[must_use]
pub fn usual_path(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::Headcount => Some(native::PATH),
        Dialect::Otlp => Some(otlp::PATH),
        Dialect::PostHog => Some(posthog::PATH),
        Dialect::Datadog => Some(datadog::PATH),
        Dialect::Clacky | Dialect::Http => None,
    }
}
