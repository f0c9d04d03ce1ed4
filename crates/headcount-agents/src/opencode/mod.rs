//! OpenCode, both generations, through a plugin of ours.

pub(crate) mod payload;
pub(crate) mod session;
pub(crate) mod install;
