//! What each format can do.

use crate::error::Problem;
use crate::value::{Found, Scalar};

/// What each format can do with a text (its byte-order mark taken off) and a path.
pub(crate) struct Editor {
    pub(crate) get: fn(&str, &[&str]) -> Result<Found, Problem>,
    pub(crate) set: fn(&str, &[&str], &Scalar) -> Result<String, Problem>,
    pub(crate) remove: fn(&str, &[&str]) -> Result<String, Problem>,
}
