//! An OTLP export request as claims.
//!
//! Read as real senders write it: whole numbers as strings or numbers, empty
//! values, missing lists, unknown fields.

use headcount_catalog::{Arch, Given, Platform, Raw, Time, Unchecked, Words};

use super::protobuf::Fields;
use super::{from_json, from_protobuf};
use crate::json::parse;
use crate::{Json, Malformed, limits};

/// What is wanted of a body, for the sentence that says so.
const WANTED: &str = "an ExportLogsServiceRequest, `{\"resourceLogs\":[…]}`";

/// A decoded export request.
#[derive(Debug)]
pub struct Export<'a>(Body<'a>);

#[derive(Debug)]
enum Body<'a> {
    Json(Json<'a>),
    Protobuf(&'a [u8]),
}

/// One log record of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record<'a> {
    /// The resource's `service.name`.
    pub service: Option<&'a str>,
    /// What it claims to be. One of more than [`limits::FIELDS`] attributes has
    /// none of them, and an attribute of no name that says so.
    pub unchecked: Unchecked<'a>,
}

/// Reads a body in JSON.
///
/// # Errors
///
/// [`Malformed`] where it is not an object of JSON.
pub fn decode(body: &[u8]) -> Result<Export<'_>, Malformed> {
    let text = Malformed::utf8(body, WANTED)?;
    match parse(text) {
        Ok(json @ Json::Object(_)) => Ok(Export(Body::Json(json))),
        Ok(_) => Err(Malformed::because(format!("the body is JSON but no object: send {WANTED}"))),
        Err(fault) => Err(Malformed::json(body, fault, WANTED)),
    }
}

/// Reads a body in protocol buffers.
///
/// # Errors
///
/// [`Malformed`] where it is no message.
pub fn decode_protobuf(body: &[u8]) -> Result<Export<'_>, Malformed> {
    match Fields::of(body).find_map(Result::err) {
        None => Ok(Export(Body::Protobuf(body))),
        Some(broken) => Err(broken.into()),
    }
}

impl Export<'_> {
    /// Every log record, in the order of the body.
    ///
    /// # Errors
    ///
    /// [`Malformed`] where there are more than [`limits::REQUEST_EVENTS`], or
    /// where a message within the body is broken.
    pub fn records(&self) -> Result<Vec<Record<'_>>, Malformed> {
        match &self.0 {
            Body::Json(json) => from_json::records(json),
            Body::Protobuf(body) => from_protobuf::records(body),
        }
    }
}

/// Takes another record in, if there is room.
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

/// Takes what an attribute of the resource says of the host.
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

/// The first of several times that is known: 0 is not.
pub(super) fn time(nanoseconds: [Option<u64>; 2]) -> Option<Time> {
    let known = nanoseconds.into_iter().flatten().find(|time| *time > 0)?;
    i64::try_from(known / 1_000_000).ok().map(Time::from_milliseconds)
}

/// The record as an unchecked event. Senders before `eventName` put an event's name into an
/// attribute.
pub(super) fn unchecked<'a>(
    mut given: Given<'a>,
    name: Option<&'a str>,
    mut attributes: Vec<(std::borrow::Cow<'a, str>, Raw<'a>)>,
) -> Unchecked<'a> {
    let older = || {
        attributes.iter().find(|(key, _)| key == "event.name").and_then(|(_, value)| value.text())
    };
    given.event = name.filter(|name| !name.is_empty()).or_else(older);
    if attributes.len() > limits::FIELDS {
        attributes = vec![(std::borrow::Cow::Borrowed(""), Raw::Other)];
    }
    Unchecked { fields: attributes, given }
}

impl From<super::protobuf::Broken> for Malformed {
    fn from(_: super::protobuf::Broken) -> Self {
        Self::because(
            "the body is no ExportLogsServiceRequest in protocol buffers, or is cut short: send it \
             whole, with its `Content-Type`",
        )
    }
}
