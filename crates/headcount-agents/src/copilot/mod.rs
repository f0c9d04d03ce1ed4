//! GitHub Copilot CLI.

pub(crate) mod payload;
pub(crate) mod session;
pub(crate) mod transcript;
pub(crate) mod install;
