//! Gemini CLI.

pub(crate) mod install;
