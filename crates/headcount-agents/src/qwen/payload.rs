//! The keys of Qwen Code's payloads that are read: captured from 0.24.4.

use crate::fields::{Allowed, Take};

/// The allowed keys. `prompt` is the body of a command, with local paths.
pub(crate) const ALLOWED: &[Allowed] = &[
    ("session_id", Take::Text),
    ("hook_event_name", Take::Text),
    ("source", Take::Text),
    ("reason", Take::Text),
    ("command_name", Take::Text),
    ("stop_hook_active", Take::Text),
    ("agent_id", Take::Presence),
];
