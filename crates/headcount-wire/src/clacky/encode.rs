//! A record as OpenClacky's payload.

use headcount_catalog::Source;

use crate::json::Object;
use crate::payload::bearer;
use crate::{Gzip, LineError, Payload, Post, fields};

/// What the frame of a payload says, or nobody: its path has the name.
pub(super) fn is_framed(source: &Source) -> bool {
    matches!(source, Source::Event | Source::EventId | Source::Time(_))
}

/// The record as an object. A batch of several, which
/// [`capacity`](crate::capacity) never makes, would be one a line.
///
/// # Errors
///
/// [`LineError`] where a record is not one its catalog accepts.
pub fn encode(payload: &Payload<'_>) -> Result<Post, LineError> {
    let mut body = String::with_capacity(payload.records.len() * 320);
    for (place, record) in payload.records.iter().enumerate() {
        if place > 0 {
            body.push('\n');
        }
        let mut object = Object::after(body);
        fields::each(payload.catalog, record, |field| {
            if !is_framed(field.source) {
                object.put((field.holder, field.name), &field.value);
            }
        })?;
        body = object.finish();
    }
    let mut headers = vec![("content-type", "application/json".to_owned())];
    headers.extend(payload.key.map(bearer));
    Ok(Post { query: Vec::new(), headers, body: body.into_bytes(), gzip: Gzip::NotTaken })
}
