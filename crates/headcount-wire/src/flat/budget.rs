//! What one body may make a decoder do and hold.

use crate::limits;

/// What the body of one request may still ask for. Every decoder takes from it,
/// and all parts of a body share it.
///
/// Two further limits hold for each event and value, and need no account:
/// [`limits::FIELDS`] and [`limits::DEPTH`].
#[derive(Debug, Clone)]
pub struct Budget {
    pub(super) values: usize,
    pub(super) events: usize,
    pub(super) held: usize,
}

impl Budget {
    /// The budget of one body.
    #[must_use]
    pub fn of_body() -> Self {
        Self { values: limits::VALUES, events: limits::REQUEST_EVENTS, held: limits::HELD_BYTES }
    }
}
