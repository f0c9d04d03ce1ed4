//! Codex CLI, its IDE extension and its desktop app.

pub(crate) mod payload;
pub(crate) mod session;
pub(crate) mod install;
