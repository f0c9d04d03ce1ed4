//! OpenCode.

pub(crate) mod install;
