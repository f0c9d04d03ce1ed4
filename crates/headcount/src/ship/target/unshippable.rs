//! Why a build, or a run of it, can send nothing to a destination.

use std::fmt;

use crate::visible;

/// Why nothing can be sent to a destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unshippable {
    /// No address was given at build time.
    NoEndpoint,
    /// No key was given at build time.
    NoKey,
    /// The key that was given at build time must not be sent from every user's
    /// machine.
    WrongKey,
    /// The address, which is neither `https` nor on loopback.
    NotSecure(String),
    /// This is a debug build, and the address is not on loopback.
    DebugBuild,
    /// The environment names an address that is not on loopback.
    Redirected {
        /// The variable.
        variable: String,
        /// Its value.
        value: String,
    },
}

impl fmt::Display for Unshippable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEndpoint => out.write_str("development build: built without an address"),
            Self::NoKey => out.write_str("development build: built without a key"),
            Self::WrongKey => out.write_str(
                "built with a key that is not public and write-only: build it with one that is",
            ),
            Self::NotSecure(url) => write!(out, "{url} is not https"),
            Self::DebugBuild => out.write_str("a debug build sends to loopback addresses only"),
            Self::Redirected { variable, value } => write!(
                out,
                "{variable}={} is not a loopback address: unset it, or use one such as http://127.0.0.1:7070",
                visible::value(value)
            ),
        }
    }
}

impl std::error::Error for Unshippable {}
