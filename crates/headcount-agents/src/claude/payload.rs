//! The keys of Claude Code's payloads that are read, and the marks of the
//! agents that run its hooks: `@anthropic-ai/claude-agent-sdk` 0.3.332, and
//! payloads captured from Claude Code 2.1.270.

use crate::fields::{Allowed, Take};

/// The allowed keys. `command_args` and `prompt` are the person's.
pub(crate) const ALLOWED: &[Allowed] = &[
    ("session_id", Take::Text),
    ("hook_event_name", Take::Text),
    ("transcript_path", Take::Text),
    ("source", Take::Text),
    ("reason", Take::Text),
    ("expansion_type", Take::Text),
    ("command_name", Take::Text),
    ("stop_hook_active", Take::Text),
    ("agent_id", Take::Presence),
    // Cursor, Codex, Grok, and Copilot with the hooks of a repository.
    ("conversation_id", Take::Text),
    ("cursor_version", Take::Presence),
    ("turn_id", Take::Presence),
    ("sessionId", Take::Text),
    ("timestamp", Take::Presence),
];
