//! Why a settings text is not read or not edited, as a sentence: where, what, and what to do. The
//! caller adds the file's name.

use std::fmt;

use crate::Format;

/// Why a text is not read or not edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// This build leaves the format out.
    #[cfg(not(all(feature = "toml", feature = "yaml")))]
    FormatNotBuilt(Format),
    /// A dotted path with an empty name in it.
    BadPath(String),
    /// The text is not valid as a whole.
    Syntax {
        /// What it should have been.
        format: Format,
        /// Line and column, from 1, where the parser knows them.
        at: Option<(usize, usize)>,
        /// The parser's words.
        problem: String,
    },
    /// The text is valid, but its top level is not a table.
    NotATable(Format),
    /// The path's key is there more than once.
    Twice {
        /// The key.
        key: String,
        /// The line, from 1, of its second place.
        line: usize,
    },
    /// The path runs through something that is not a table.
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

/// Why a text was not read or not edited. It displays as a sentence that says where in the text the
/// trouble is, what it is and what to do; the caller adds the file's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    problem: Problem,
}

impl SettingsError {
    /// Whether the text is not of its format, from its first byte to its last: somebody has to mend
    /// the file.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        matches!(self.problem, Problem::Syntax { .. } | Problem::NotATable(_))
    }

    /// Whether this build does not read the format.
    #[must_use]
    pub fn is_not_built(&self) -> bool {
        #[cfg(not(all(feature = "toml", feature = "yaml")))]
        return matches!(self.problem, Problem::FormatNotBuilt(_));
        #[cfg(all(feature = "toml", feature = "yaml"))]
        false
    }

    /// Line and column in the text, from 1, where they are known. An error without a column has 1.
    #[must_use]
    pub fn position(&self) -> Option<(usize, usize)> {
        match self.problem {
            Problem::Syntax { at, .. } => at,
            Problem::Twice { line, .. } | Problem::Through { line, .. } => Some((line, 1)),
            #[cfg(feature = "yaml")]
            Problem::Indirect { line, .. } => Some((line, 1)),
            Problem::Entangled { line, .. } => line.map(|line| (line, 1)),
            #[cfg(not(all(feature = "toml", feature = "yaml")))]
            Problem::FormatNotBuilt(_) => None,
            Problem::BadPath(_) | Problem::NotATable(_) => None,
        }
    }
}

impl From<Problem> for SettingsError {
    fn from(problem: Problem) -> Self {
        Self { problem }
    }
}

impl std::error::Error for SettingsError {}

impl fmt::Display for SettingsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(out)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(not(all(feature = "toml", feature = "yaml")))]
            Self::FormatNotBuilt(format) => {
                let (name, feature) = (name(*format), feature(*format));
                write!(
                    out,
                    "this build does not read {name}: build it with the feature `settings-{feature}`"
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
                write!(out, "`{key}` in line {line} is not a table: remove it or make it one")
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

fn name(format: Format) -> &'static str {
    match format {
        Format::Json => "JSON",
        Format::Toml => "TOML",
        Format::Yaml => "YAML",
    }
}

#[cfg(not(all(feature = "toml", feature = "yaml")))]
fn feature(format: Format) -> &'static str {
    match format {
        Format::Json => "json",
        Format::Toml => "toml",
        Format::Yaml => "yaml",
    }
}

fn table(format: Format) -> &'static str {
    match format {
        Format::Json => "an object",
        Format::Toml => "a table",
        Format::Yaml => "a mapping",
    }
}
