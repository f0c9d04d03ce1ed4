//! Encodes records as a list.

use crate::payload::bearer;
use crate::{Gzip, LineError, Payload, Post, line};

/// Encodes records as `{"events":[…]}`.
///
/// # Errors
///
/// Returns [`LineError`] if a record lacks a required value.
pub fn encode(payload: &Payload<'_>) -> Result<Post, LineError> {
    let mut body = String::with_capacity(payload.records.len() * 320 + 16);
    body.push_str("{\"events\":[");
    for (place, record) in payload.records.iter().enumerate() {
        if place > 0 {
            body.push(',');
        }
        body.push_str(&line::text(payload.catalog, record)?);
    }
    body.push_str("]}");
    let mut headers = vec![("content-type", "application/json".to_owned())];
    headers.extend(payload.key.map(bearer));
    Ok(Post { query: Vec::new(), headers, body: body.into_bytes(), gzip: Gzip::NotTaken })
}
