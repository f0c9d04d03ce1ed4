//! Decodes a native body.

use headcount_catalog::Reason;

use crate::{Json, Malformed, arrivals};

/// Decodes NDJSON or a JSON array. A line that is not JSON is rejected on its
/// own.
///
/// # Errors
///
/// Returns [`Malformed`] if nothing in the body can be read, if an array is
/// incomplete, or if the body has more than
/// [`REQUEST_EVENTS`](crate::limits::REQUEST_EVENTS) events.
pub fn decode(body: &[u8]) -> Result<Vec<Result<Json<'_>, Reason>>, Malformed> {
    arrivals::read(body)
}
