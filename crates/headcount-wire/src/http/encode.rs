//! Records as a list.

use crate::batch::bearer;
use crate::{Batch, Gzip, LineError, Post, line};

/// `{"events":[…]}`.
///
/// # Errors
///
/// [`LineError`] where a record is not one its catalog accepts.
pub fn encode(batch: &Batch<'_>) -> Result<Post, LineError> {
    let mut body = String::with_capacity(batch.records.len() * 320 + 16);
    body.push_str("{\"events\":[");
    for (place, record) in batch.records.iter().enumerate() {
        if place > 0 {
            body.push(',');
        }
        body.push_str(&line::text(batch.catalog, record)?);
    }
    body.push_str("]}");
    let mut headers = vec![("content-type", "application/json".to_owned())];
    headers.extend(batch.key.map(bearer));
    Ok(Post { query: Vec::new(), headers, body: body.into_bytes(), gzip: Gzip::NotTaken })
}
