//! Encodes records as an OTLP export request.

use headcount_catalog::Encoding;

use super::{export, to_json, to_protobuf};
use crate::payload::bearer;
use crate::{Gzip, LineError, Payload, Post};

/// The path where receivers take logs.
pub const PATH: &str = "/v1/logs";

/// The content type of an OTLP body in JSON.
pub const CONTENT_TYPE: &str = "application/json";

/// The content type of an OTLP body in protocol buffers.
pub const CONTENT_TYPE_PROTOBUF: &str = "application/x-protobuf";

/// Encodes records as an `ExportLogsServiceRequest`. Consecutive records with
/// the same version, platform and processor share a resource.
///
/// # Errors
///
/// Returns [`LineError`] if a record lacks a required value.
pub fn encode(payload: &Payload<'_>, encoding: Encoding) -> Result<Post, LineError> {
    let groups = export::groups(payload.catalog, payload.records)?;
    let (content_type, body) = match encoding {
        Encoding::Json | Encoding::Lines => (CONTENT_TYPE, to_json::write(&groups)),
        Encoding::Protobuf => (CONTENT_TYPE_PROTOBUF, to_protobuf::write(&groups)),
    };
    let mut headers = vec![("content-type", content_type.to_owned())];
    headers.extend(payload.key.map(bearer));
    Ok(Post { query: Vec::new(), headers, body, gzip: Gzip::Taken })
}
