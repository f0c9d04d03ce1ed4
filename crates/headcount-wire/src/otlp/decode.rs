//! Decodes an OTLP export request as real senders write it: integers as strings
//! or as numbers, empty values, missing lists, unknown fields.

use super::protobuf::Fields;
use super::record::{Record, SpanItem};
use super::signal::Signal;
use super::{from_json, from_protobuf};
use crate::json::parse_body;
use crate::{Json, Malformed};

/// A decoded export request.
#[derive(Debug)]
pub struct Export<'a>(Body<'a>);

#[derive(Debug)]
enum Body<'a> {
    Json(Json<'a>),
    Protobuf(&'a [u8]),
}

/// Decodes a body in JSON.
///
/// # Errors
///
/// Returns [`Malformed`] if the body is not a JSON object.
pub fn decode(body: &[u8]) -> Result<Export<'_>, Malformed> {
    decode_signal(body, Signal::Logs)
}

/// Decodes a body in JSON that is a request of this signal.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_signal(body: &[u8], signal: Signal) -> Result<Export<'_>, Malformed> {
    let wanted = signal.wanted();
    let text = Malformed::utf8(body, wanted)?;
    match parse_body(text) {
        Ok(json @ Json::Object(_)) => Ok(Export(Body::Json(json))),
        Ok(_) => Err(Malformed::not_an_object(wanted)),
        Err(fault) => Err(Malformed::json(body, fault, wanted)),
    }
}

/// Decodes a body in protocol buffers.
///
/// # Errors
///
/// Returns [`Malformed`] if the body is not a message.
pub fn decode_protobuf(body: &[u8]) -> Result<Export<'_>, Malformed> {
    match Fields::of(body).find_map(Result::err) {
        None => Ok(Export(Body::Protobuf(body))),
        Some(broken) => Err(broken.into()),
    }
}

impl Export<'_> {
    /// Returns every log record in the order of the body.
    ///
    /// # Errors
    ///
    /// Returns [`Malformed`] if there are more than
    /// [`REQUEST_EVENTS`](crate::limits::REQUEST_EVENTS) records, or if a
    /// message in the body is incomplete.
    pub fn records(&self) -> Result<Vec<Record<'_>>, Malformed> {
        match &self.0 {
            Body::Json(json) => from_json::records(json),
            Body::Protobuf(body) => from_protobuf::records(body),
        }
    }

    /// Returns the events of every span, each followed by its span.
    ///
    /// # Errors
    ///
    /// As [`records`](Self::records).
    pub fn spans(&self) -> Result<Vec<SpanItem<'_>>, Malformed> {
        match &self.0 {
            Body::Json(json) => from_json::spans(json),
            Body::Protobuf(body) => from_protobuf::spans(body),
        }
    }

    /// Returns every data point of metrics.
    ///
    /// # Errors
    ///
    /// As [`records`](Self::records).
    pub fn data_points(&self) -> Result<Vec<SpanItem<'_>>, Malformed> {
        match &self.0 {
            Body::Json(json) => from_json::data_points(json),
            Body::Protobuf(body) => from_protobuf::data_points(body),
        }
    }
}
