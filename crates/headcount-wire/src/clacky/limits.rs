//! The limits of OpenClacky's endpoints.

/// Events in one request: the path names one event.
pub const REQUEST_EVENTS: usize = 1;
