//! Encodes records as a native body.

use super::{BATCH_HEADER, BatchHead};
use crate::payload::bearer;
use crate::{Gzip, LineError, Payload, Post, line};

/// The path where a collector takes a native body.
pub const PATH: &str = "/api/v1/events";

/// The content type of a native body.
pub const CONTENT_TYPE: &str = "application/x-ndjson";

/// Encodes each record as a line that ends with a newline.
///
/// A collector finds the product by its key. Without a key the batch sends the
/// product's name, which a collector in development accepts.
///
/// # Errors
///
/// Returns [`LineError`] if a record lacks a required value.
pub fn encode(payload: &Payload<'_>) -> Result<Post, LineError> {
    let catalog = payload.catalog;
    let mut body = Vec::with_capacity(payload.records.len() * 320);
    for record in payload.records {
        body.extend_from_slice(line::text(catalog, record)?.as_bytes());
        body.push(b'\n');
    }
    let head = BatchHead { rate: payload.rate, home: payload.home };
    let headers = vec![
        ("content-type", CONTENT_TYPE.to_owned()),
        bearer(payload.key.unwrap_or(catalog.product.name)),
        (BATCH_HEADER, head.write(catalog.version)),
    ];
    Ok(Post { query: Vec::new(), headers, body, gzip: Gzip::Taken })
}
