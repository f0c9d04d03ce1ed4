//! What is read and written: formats, scalars, what lies at a path, and what each format can do.

use crate::error::Problem;

/// The format of a settings file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON (RFC 8259), without comments.
    Json,
    /// TOML 1.0.
    Toml,
    /// YAML 1.2, one document.
    Yaml,
}

/// A value that is read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    /// True or false.
    Flag(bool),
    /// Text.
    Text(String),
}

/// What lies at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing: the key, or one of the tables above it, is not there.
    Absent,
    /// A value that can be used.
    Scalar(Scalar),
    /// Something else: null, a number, a list, a table, a date, a YAML word that some readers take
    /// for a flag and others for text; or the path runs through something that is not a table.
    Other,
}

/// What each format can do with a text (its byte-order mark taken off) and a path.
pub(crate) struct Editor {
    pub(crate) get: fn(&str, &[&str]) -> Result<Found, Problem>,
    pub(crate) set: fn(&str, &[&str], &Scalar) -> Result<String, Problem>,
    pub(crate) remove: fn(&str, &[&str]) -> Result<String, Problem>,
}
