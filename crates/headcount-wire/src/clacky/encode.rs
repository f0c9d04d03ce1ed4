//! Encodes a record as OpenClacky's payload.

use headcount_catalog::Source;

use crate::json::Object;
use crate::payload::bearer;
use crate::{Gzip, LineError, Payload, Post, fields};

/// Whether a payload does not contain this entry. The path says the name of the
/// event, and nothing says its id and time.
pub(crate) fn is_framed(source: &Source) -> bool {
    matches!(source, Source::Event | Source::EventId | Source::Time(_))
}

/// Encodes the record as an object. Several records would be one object per
/// line, but [`capacity`](crate::capacity) allows only one.
///
/// # Errors
///
/// Returns [`LineError`] if a record lacks a required value.
pub fn encode(payload: &Payload<'_>) -> Result<Post, LineError> {
    let mut body = String::with_capacity(payload.records.len() * 320);
    for (place, record) in payload.records.iter().enumerate() {
        if place > 0 {
            body.push('\n');
        }
        let mut object = Object::after(body);
        fields::each(payload.catalog, record, |field| {
            if !is_framed(field.source) {
                object.put_in(field.holder, field.name, &field.value);
            }
        })?;
        body = object.finish();
    }
    let mut headers = vec![("content-type", "application/json".to_owned())];
    headers.extend(payload.key.map(bearer));
    Ok(Post { query: Vec::new(), headers, body: body.into_bytes(), gzip: Gzip::NotTaken })
}
