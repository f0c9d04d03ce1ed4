//! The functions of a format.

use crate::error::Problem;
use crate::value::{Found, Scalar};

/// The functions of a format. Each gets a text without its byte-order mark, and
/// a path.
pub(crate) struct Editor {
    pub(crate) get: fn(&str, &[&str]) -> Result<Found, Problem>,
    pub(crate) set: fn(&str, &[&str], &Scalar) -> Result<String, Problem>,
    pub(crate) remove: fn(&str, &[&str]) -> Result<String, Problem>,
}
