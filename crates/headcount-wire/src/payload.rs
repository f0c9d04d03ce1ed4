//! A batch's records with whom they go to and how: what a dialect makes a request of.

use headcount_catalog::{Catalog, Checked, Destination, Dialect, Encoding};

use crate::{LineError, Rate, clacky, datadog, http, limits, native, otlp, posthog};

/// Records for one destination, and what they show to be let in.
#[derive(Debug, Clone, Copy)]
pub struct Payload<'a> {
    /// The catalog they were judged by.
    pub catalog: &'a Catalog,
    /// The records. They share a path: a request has only one.
    pub records: &'a [Checked],
    /// The destination's key, where it has one.
    pub key: Option<&'a str>,
    /// The share of devices that report there.
    pub rate: Rate,
    /// How long the home lasts that the device's id is kept in.
    pub home: HomeLifetime,
}

/// How long a home lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HomeLifetime {
    /// As long as its person keeps it.
    Lasting,
    /// As long as a container or a runner: its id is not a person more.
    Ephemeral,
}

/// A request as its dialect has it: all but where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// What the address says besides its own query.
    pub query: Vec<(&'static str, String)>,
    /// Header names in lower case, and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the body may be sent compressed.
    pub gzip: Gzip,
}

/// Whether a dialect's receivers take a body with `Content-Encoding: gzip`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gzip {
    /// They do.
    Taken,
    /// They need not.
    NotTaken,
}

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

/// The header in which most dialects show a key.
pub(crate) fn bearer(key: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {key}"))
}
