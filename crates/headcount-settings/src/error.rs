//! Why a settings text is not read or not edited: where, what, and what to do.
//! The caller adds the file's name.

use std::fmt;

use crate::Format;

/// Why a text is not read or not edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// This build does not have the format.
    #[cfg(not(all(feature = "toml", feature = "yaml")))]
    FormatNotBuilt(Format),
    /// A dotted path with an empty part.
    BadPath(String),
    /// The text is not valid.
    Syntax {
        /// The format.
        format: Format,
        /// Line and column, from 1, if the parser knows them.
        at: Option<(usize, usize)>,
        /// The parser's message.
        problem: String,
    },
    /// The text is valid, but its top level is not a table.
    NotATable(Format),
    /// A key of the path is there twice.
    Twice {
        /// The key.
        key: String,
        /// The line of the second one, from 1.
        line: usize,
    },
    /// The path goes through a value that is not a table.
    Through {
        /// The key of that value.
        key: String,
        /// Its line, from 1.
        line: usize,
    },
    /// The YAML uses something that is not supported here.
    #[cfg(feature = "yaml")]
    Indirect {
        /// The key.
        key: String,
        /// Its line, from 1.
        line: usize,
        /// What it uses: `an anchor`, `an alias`, …
        way: &'static str,
    },
    /// The edit would change more than one value.
    Entangled {
        /// The key.
        key: String,
        /// Its line, from 1, if known.
        line: Option<usize>,
    },
}

/// Why a text was not read or not edited. It displays as one line: where in the
/// text, what is wrong, and what to do. The caller adds the file's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    problem: Problem,
}

impl SettingsError {
    /// Whether the text is not valid in its format. A person has to fix the
    /// file.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        matches!(self.problem, Problem::Syntax { .. } | Problem::NotATable(_))
    }

    /// Whether this build does not have the format.
    #[must_use]
    pub fn is_not_built(&self) -> bool {
        #[cfg(not(all(feature = "toml", feature = "yaml")))]
        return matches!(self.problem, Problem::FormatNotBuilt(_));
        #[cfg(all(feature = "toml", feature = "yaml"))]
        false
    }

    /// Line and column in the text, from 1, if they are known. The column is 1
    /// if only the line is known.
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
                    "this build cannot read {name}: build with the feature `settings-{feature}`"
                )
            }
            Self::BadPath(path) => {
                write!(out, "key `{path}` has an empty part: write a name between all dots")
            }
            Self::Syntax { format, at, problem } => {
                write!(out, "not valid {}", name(*format))?;
                if let Some((line, column)) = at {
                    write!(out, " at line {line}, column {column}")?;
                }
                write!(out, " ({problem}): fix the file by hand, or delete it")
            }
            Self::NotATable(format) => {
                let (name, table) = (name(*format), table(*format));
                write!(out, "valid {name}, but its top level is not {table}: fix the file by hand")
            }
            Self::Twice { key, line } => {
                write!(out, "line {line} repeats the key `{key}`: keep only one of them")
            }
            Self::Through { key, line } => {
                write!(out, "line {line}: `{key}` is not a table: remove it, or make it a table")
            }
            #[cfg(feature = "yaml")]
            Self::Indirect { key, line, way } => {
                write!(out, "line {line}: `{key}` uses {way}, which is not supported: write it out")
            }
            Self::Entangled { key, line } => {
                if let Some(line) = line {
                    write!(out, "line {line}: ")?;
                }
                write!(out, "`{key}` cannot be changed without changing something else: ")?;
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
