//! Records as a native body.

use crate::payload::bearer;
use crate::{Gzip, HomeLifetime, LineError, Payload, Post, line};

/// Where a collector takes it.
pub const PATH: &str = "/api/v1/events";

/// What a native body is.
pub const CONTENT_TYPE: &str = "application/x-ndjson";

/// The header of what no line may carry: the catalog's version, the rate of
/// devices that report, and whether the home is thrown away.
pub const BATCH_HEADER: &str = "headcount-batch";

/// Every record on a line of its own, each ended by a newline.
///
/// A collector finds a product by its key; a batch without one shows the
/// product's name, which a collector in development takes.
///
/// # Errors
///
/// [`LineError`] where a record is not one its catalog accepts.
pub fn encode(payload: &Payload<'_>) -> Result<Post, LineError> {
    let catalog = payload.catalog;
    let mut body = Vec::with_capacity(payload.records.len() * 320);
    for record in payload.records {
        body.extend_from_slice(line::text(catalog, record)?.as_bytes());
        body.push(b'\n');
    }
    let headers = vec![
        ("content-type", CONTENT_TYPE.to_owned()),
        bearer(payload.key.unwrap_or(catalog.product.name)),
        (BATCH_HEADER, batch_header(payload)),
    ];
    Ok(Post { query: Vec::new(), headers, body, gzip: Gzip::Taken })
}

fn batch_header(payload: &Payload<'_>) -> String {
    let home = match payload.home {
        HomeLifetime::Lasting => "",
        HomeLifetime::Ephemeral => "; ephemeral",
    };
    format!("catalog={}; rate={}{home}", payload.catalog.version, payload.rate)
}
