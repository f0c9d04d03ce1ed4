//! Goose.

pub(crate) mod install;
