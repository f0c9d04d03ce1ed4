//! Formats, scalars, and what can be at a path.

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
    /// A string.
    Text(String),
}

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing: the key or a table above it does not exist.
    Absent,
    /// A flag or a string.
    Scalar(Scalar),
    /// Something else: null, a number, a list, a table, a date, or a YAML word
    /// that some readers take for a flag and others for a string; or the path
    /// goes through a value that is not a table.
    Other,
}

/// A value of a text, with its path: a flag, a string, a number, a time or a
/// null, as it would be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The names of the tables above it, and its own. The items of a list have
    /// the path of the list.
    pub path: Vec<String>,
    /// The value: `false`, `off`, `0`.
    pub value: String,
}

impl Entry {
    pub(crate) fn new(path: &[&str], value: String) -> Self {
        Self { path: path.iter().map(|name| (*name).to_owned()).collect(), value }
    }
}
