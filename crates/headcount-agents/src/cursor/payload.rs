//! The keys of Cursor's payloads that are read: copies of its documentation,
//! and probes of third parties. `user_email` is never read.

use crate::fields::{Allowed, Take};

/// The allowed keys. Only events of sessions have `session_id`.
pub(crate) const ALLOWED: &[Allowed] = &[
    ("conversation_id", Take::Text),
    ("session_id", Take::Text),
    ("hook_event_name", Take::Text),
    ("reason", Take::Text),
];
