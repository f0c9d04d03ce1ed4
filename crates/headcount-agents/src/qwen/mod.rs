//! Qwen Code.

pub(crate) mod payload;
pub(crate) mod session;
pub(crate) mod install;
