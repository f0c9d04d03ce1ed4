//! Qwen Code.

pub(crate) mod install;
