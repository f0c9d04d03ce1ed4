//! What OpenClacky's endpoints take at once.

/// Events of one request: the path has room for one name.
pub const REQUEST_EVENTS: usize = 1;
