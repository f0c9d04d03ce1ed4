//! Codex CLI.

pub(crate) mod install;
