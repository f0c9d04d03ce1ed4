//! A decoded log record, and what the decoders of JSON and of protocol buffers
//! have in common.

use std::borrow::Cow;

use headcount_catalog::{Arch, Given, Platform, Raw, Time, Unchecked, Words};

use super::protobuf::Broken;
use crate::{Malformed, limits};

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

/// Adds a record, up to [`limits::REQUEST_EVENTS`].
pub(super) fn take<'a>(records: &mut Vec<Record<'a>>, record: Record<'a>) -> Result<(), Malformed> {
    if records.len() == limits::REQUEST_EVENTS {
        let most = limits::REQUEST_EVENTS;
        return Err(Malformed::too_much(format!(
            "the body has more than {most} log records: send smaller batches"
        )));
    }
    records.push(record);
    Ok(())
}

/// Takes over what an attribute of the resource says about the host.
pub(super) fn describe<'a>(
    service: &mut Option<&'a str>,
    given: &mut Given<'a>,
    key: &str,
    text: &'a str,
) {
    match key {
        "service.name" => *service = Some(text),
        "service.version" => given.version = Some(text),
        "os.type" => given.platform = Platform::read(Words::OpenTelemetry, text),
        "host.arch" => given.arch = Arch::read(Words::OpenTelemetry, text),
        _ => {}
    }
}

/// Returns the first time that is set. 0 means that it is not.
pub(super) fn time(nanoseconds: [Option<u64>; 2]) -> Option<Time> {
    let known = nanoseconds.into_iter().flatten().find(|time| *time > 0)?;
    i64::try_from(known / 1_000_000).ok().map(Time::from_milliseconds)
}

/// Makes an unchecked event of a record. Before `eventName` existed, senders
/// put the name of an event into an attribute.
pub(super) fn unchecked<'a>(
    mut given: Given<'a>,
    name: Option<&'a str>,
    mut attributes: Vec<(Cow<'a, str>, Raw<'a>)>,
) -> Unchecked<'a> {
    let older = || {
        attributes.iter().find(|(key, _)| key == "event.name").and_then(|(_, value)| value.text())
    };
    given.event = name.filter(|name| !name.is_empty()).or_else(older);
    if attributes.len() > limits::FIELDS {
        attributes = vec![(Cow::Borrowed(""), Raw::Other)];
    }
    Unchecked { fields: attributes, given }
}

impl From<Broken> for Malformed {
    fn from(_: Broken) -> Self {
        Self::because(
            "the body is not a complete ExportLogsServiceRequest in protocol buffers: send all of \
             it, with the right `Content-Type`",
        )
    }
}
