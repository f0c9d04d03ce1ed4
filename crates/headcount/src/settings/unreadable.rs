//! The room of what keeps settings from being read or edited, each as a sentence: where, what, and
//! what to do. The file's name is the caller's to say.

use std::fmt;

use headcount_catalog::SettingsFormat;

/// Why a text is not read or not edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// This build leaves the format out.
    #[cfg(not(all(feature = "toml", feature = "yaml")))]
    FormatNotBuilt(SettingsFormat),
    /// A dotted path with an empty name in it.
    BadPath(String),
    /// The text is not wholly valid.
    Syntax {
        /// What it should have been.
        format: SettingsFormat,
        /// Line and column, from 1, where the parser knows them.
        at: Option<(usize, usize)>,
        /// The parser's words.
        problem: String,
    },
    /// The text is valid, but its top level is no table.
    NotATable(SettingsFormat),
    /// The path's key is there more than once.
    Twice {
        /// The key.
        key: String,
        /// The line, from 1, of its second place.
        line: usize,
    },
    /// The path runs through something that is no table.
    Through {
        /// The key of that something.
        key: String,
        /// Its line, from 1.
        line: usize,
    },
    /// YAML leads to the value by a way that is not followed.
    #[cfg(feature = "yaml")]
    Indirect {
        /// The key.
        key: String,
        /// Its line, from 1.
        line: usize,
        /// The way: `an anchor`, `an alias`, …
        way: &'static str,
    },
    /// The edit would touch more than the one value.
    Entangled {
        /// The key.
        key: String,
        /// Its line, from 1, where known.
        line: Option<usize>,
    },
}

impl std::error::Error for Unreadable {}

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(not(all(feature = "toml", feature = "yaml")))]
            Self::FormatNotBuilt(format) => {
                let (name, feature) = (name(*format), feature(*format));
                write!(
                    out,
                    "{name} is not read by this build: build it with the feature `{feature}`"
                )
            }
            Self::BadPath(path) => {
                write!(out, "`{path}` has an empty name in it: give each name between its dots")
            }
            Self::Syntax { format, at, problem } => {
                write!(out, "not valid {}", name(*format))?;
                if let Some((line, column)) = at {
                    write!(out, " at line {line}, column {column}")?;
                }
                write!(out, " ({problem}): mend it by hand, or remove the file")
            }
            Self::NotATable(format) => {
                let (name, table) = (name(*format), table(*format));
                write!(out, "valid {name}, but its top level is not {table}: mend it by hand")
            }
            Self::Twice { key, line } => {
                write!(out, "line {line} has `{key}` for a second time: keep one of them")
            }
            Self::Through { key, line } => {
                write!(out, "`{key}` in line {line} is no table: remove it or make it one")
            }
            #[cfg(feature = "yaml")]
            Self::Indirect { key, line, way } => {
                write!(
                    out,
                    "`{key}` in line {line} is written with {way}, which is not followed "
                )?;
                write!(out, "here: write it out plainly")
            }
            Self::Entangled { key, line } => {
                write!(out, "`{key}`")?;
                if let Some(line) = line {
                    write!(out, " in line {line}")?;
                }
                write!(out, " cannot be changed without touching something else: ")?;
                write!(out, "change it by hand")
            }
        }
    }
}

fn name(format: SettingsFormat) -> &'static str {
    match format {
        SettingsFormat::Json => "JSON",
        SettingsFormat::Toml => "TOML",
        SettingsFormat::Yaml => "YAML",
    }
}

#[cfg(not(all(feature = "toml", feature = "yaml")))]
fn feature(format: SettingsFormat) -> &'static str {
    match format {
        SettingsFormat::Json => "json",
        SettingsFormat::Toml => "toml",
        SettingsFormat::Yaml => "yaml",
    }
}

fn table(format: SettingsFormat) -> &'static str {
    match format {
        SettingsFormat::Json => "an object",
        SettingsFormat::Toml => "a table",
        SettingsFormat::Yaml => "a mapping",
    }
}
