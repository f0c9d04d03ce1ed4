//! Cursor, the editor and its command line.

pub(crate) mod payload;
pub(crate) mod session;
pub(crate) mod install;
