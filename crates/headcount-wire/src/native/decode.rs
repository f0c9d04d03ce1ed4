//! Decodes a native body.

use headcount_catalog::Reason;

use crate::arrivals::{self, PlainForm};
use crate::{Json, Malformed};

/// Decodes NDJSON, a JSON array or the plain form. A line that is not JSON is
/// rejected on its own.
///
/// # Errors
///
/// Returns [`Malformed`] if nothing in the body can be read, if an array is
/// incomplete, or if the body has more than
/// [`REQUEST_EVENTS`](crate::limits::REQUEST_EVENTS) events.
pub fn decode(body: &[u8]) -> Result<Vec<Result<Json<'_>, Reason>>, Malformed> {
    arrivals::read(body, PlainForm::Accepted)
}
