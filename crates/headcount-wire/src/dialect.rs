//! Which encoder a destination needs, how much fits into one request, and the
//! path where a dialect's receivers usually listen.

use headcount_catalog::{Catalog, Checked, Destination, Dialect, Encoding};

use crate::{LineError, Payload, Post, clacky, datadog, http, limits, native, otlp, posthog};

/// How much fits into one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// The number of events.
    pub events: usize,
    /// The size of their lines in bytes.
    pub bytes: usize,
}

/// Encodes a payload as the request for `destination`.
///
/// # Errors
///
/// Returns [`LineError`] if a record lacks a required value. A record that
/// [`read`](crate::read) returned never does.
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

/// Returns one record as a receiver of this dialect has it: the event of a
/// batch for PostHog, and the line of the queue where a dialect has no object
/// of JSON for each event.
///
/// # Errors
///
/// The same as [`encode`].
pub fn encode_one(
    dialect: Dialect,
    catalog: &Catalog,
    record: &Checked,
) -> Result<String, LineError> {
    match dialect {
        Dialect::PostHog => posthog::event(catalog, record, String::new()),
        Dialect::Headcount | Dialect::Otlp | Dialect::Datadog | Dialect::Clacky | Dialect::Http => {
            crate::write(catalog, record)
        }
    }
}

/// Returns how much of a queue fits into one request of a dialect.
#[must_use]
pub fn capacity(dialect: Dialect) -> Capacity {
    let events = match dialect {
        Dialect::Clacky => clacky::limits::REQUEST_EVENTS,
        Dialect::Datadog => datadog::limits::REQUEST_EVENTS,
        Dialect::Headcount | Dialect::Otlp | Dialect::PostHog | Dialect::Http => usize::MAX,
    };
    Capacity { events: events.min(limits::BATCH_EVENTS), bytes: limits::BATCH_BYTES }
}

/// Returns the path where a dialect's receivers listen if an address names only
/// a host; `None` if the dialect has no usual path.
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
