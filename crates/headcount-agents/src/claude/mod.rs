//! Claude Code.

pub(crate) mod install;
