//! Copilot CLI.

pub(crate) mod install;
