//! The keys of Goose's payloads that are read: `crates/goose/src/hooks/mod.rs`.

use crate::fields::{Allowed, Take};

/// The allowed keys. Of the prompt only the first word is read, for a command
/// is named there; `matcher_context` is the prompt once more.
pub(crate) const ALLOWED: &[Allowed] = &[
    ("session_id", Take::Text),
    ("event", Take::Text),
    ("hook_event_name", Take::Text),
    ("message", Take::FirstWord),
];
