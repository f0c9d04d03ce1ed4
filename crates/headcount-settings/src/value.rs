//! What is read and written: formats, scalars, and what lies at a path.

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
