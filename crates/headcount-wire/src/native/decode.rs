//! A native body as arrivals.

use headcount_catalog::Reason;

use crate::{Json, Malformed, arrivals};

/// Reads NDJSON or a JSON array. A line that is no JSON costs itself and no
/// neighbour.
///
/// # Errors
///
/// [`Malformed`] where nothing in the body can be read, where an array is cut
/// short, or where there are more than
/// [`REQUEST_EVENTS`](crate::limits::REQUEST_EVENTS).
pub fn decode(body: &[u8]) -> Result<Vec<Result<Json<'_>, Reason>>, Malformed> {
    arrivals::read(body)
}
