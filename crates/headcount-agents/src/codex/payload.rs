//! The keys of Codex's payloads that are read: the schemas in the package
//! `@openai/codex` 0.171.0.

use crate::fields::{Allowed, Take};

/// The allowed keys. Of the prompt only the first word is read, for a skill is
/// named there.
pub(crate) const ALLOWED: &[Allowed] = &[
    ("session_id", Take::Text),
    ("hook_event_name", Take::Text),
    ("source", Take::Text),
    ("prompt", Take::FirstWord),
    ("stop_hook_active", Take::Text),
    ("agent_id", Take::Presence),
];
