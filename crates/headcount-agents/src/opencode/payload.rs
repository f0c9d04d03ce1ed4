//! The keys that the plugin of ours sends. The plugin takes them from
//! OpenCode's events: `@opencode-ai/sdk` 1.19.3, and `session-event.ts` of 2.x.

use crate::fields::{Allowed, Take};

/// The allowed keys.
pub(crate) const ALLOWED: &[Allowed] = &[
    ("event", Take::Text),
    ("sessionID", Take::Text),
    ("name", Take::Text),
    // Of OpenCode's own events, in case one is passed on as it is.
    ("parentID", Take::Presence),
];
