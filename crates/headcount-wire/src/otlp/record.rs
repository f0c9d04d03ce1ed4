//! A decoded log record, and what the decoders of JSON and of protocol buffers
//! have in common.

use std::borrow::Cow;

use headcount_catalog::{Given, Raw, Unchecked};

use crate::{Malformed, SentTime, limits};

/// One log record of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Record<'a> {
    /// The resource's `service.name`.
    pub service: Option<&'a str>,
    /// The event. If the record has more than [`limits::FIELDS`] attributes,
    /// they are replaced by one attribute with an empty name, which every
    /// catalog drops.
    pub unchecked: Unchecked<'a>,
}

/// What is read of spans and metrics.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a box is an allocation for each event")]
pub enum SpanItem<'a> {
    /// An event of a span.
    Event(Record<'a>),
    /// A span or a data point, of which only the service is read.
    NotKept(Option<&'a str>),
}

/// Adds a record, up to [`limits::REQUEST_EVENTS`].
pub(super) fn take<T>(records: &mut Vec<T>, record: T) -> Result<(), Malformed> {
    if records.len() == limits::REQUEST_EVENTS {
        return Err(Malformed::too_many());
    }
    records.push(record);
    Ok(())
}

/// Makes an unchecked event of a record. Before `eventName` existed, senders
/// put the name of an event into an attribute.
pub(super) fn unchecked<'a>(
    mut given: Given<'a>,
    name: Option<&'a str>,
    mut attributes: Vec<(Cow<'a, str>, Raw<'a>)>,
    time: SentTime,
) -> Unchecked<'a> {
    let older = || {
        attributes.iter().find(|(key, _)| key == "event.name").and_then(|(_, value)| value.text())
    };
    given.event = name.filter(|name| !name.is_empty()).or_else(older);
    if attributes.len() > limits::FIELDS {
        attributes = vec![(Cow::Borrowed(""), Raw::Other)];
    }
    given.time = time.time();
    if time == SentTime::Unreadable {
        attributes.push((Cow::Borrowed(""), Raw::Other));
    }
    Unchecked { fields: attributes, given }
}
