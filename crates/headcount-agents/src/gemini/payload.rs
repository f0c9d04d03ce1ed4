//! The keys of Gemini CLI's payloads that are read: captured from 0.61.0.

use crate::fields::{Allowed, Take};

/// The allowed keys. `prompt` is the body of a command.
pub(crate) const ALLOWED: &[Allowed] = &[
    ("session_id", Take::Text),
    ("hook_event_name", Take::Text),
    ("source", Take::Text),
    ("reason", Take::Text),
    ("stop_hook_active", Take::Text),
];
