//! Claude Code, and what runs the hooks of its files.

pub(crate) mod payload;
pub(crate) mod session;
pub(crate) mod transcript;
pub(crate) mod install;
