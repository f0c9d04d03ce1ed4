//! An OTLP export request as claims.
//!
//! Read as real senders write it: whole numbers as strings or numbers, empty
//! values, missing lists, unknown fields.

use super::protobuf::Fields;
use super::record::Record;
use super::{from_json, from_protobuf};
use crate::json::parse;
use crate::{Json, Malformed};

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
    /// [`Malformed`] where there are more than [`REQUEST_EVENTS`](crate::limits::REQUEST_EVENTS), or
    /// where a message within the body is broken.
    pub fn records(&self) -> Result<Vec<Record<'_>>, Malformed> {
        match &self.0 {
            Body::Json(json) => from_json::records(json),
            Body::Protobuf(body) => from_protobuf::records(body),
        }
    }
}
