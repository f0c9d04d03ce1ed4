//! The keys of Copilot CLI's payloads that are read, in both of its forms:
//! GitHub's hooks reference, and `@github/copilot-sdk` 1.0.14.

use crate::fields::{Allowed, Take};

/// The allowed keys. The form with small letters has no name of the event.
pub(crate) const ALLOWED: &[Allowed] = &[
    ("sessionId", Take::Text),
    ("session_id", Take::Text),
    ("hook_event_name", Take::Text),
    ("source", Take::Text),
    ("reason", Take::Text),
    ("stop_hook_active", Take::Text),
    ("agentId", Take::Presence),
    ("agent_id", Take::Presence),
];
