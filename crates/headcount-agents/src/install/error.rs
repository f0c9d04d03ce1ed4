//! Why hooks were not installed, or not removed.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a file of an agent was not changed. It displays as one line: the file,
/// what is wrong, and what to do.
#[derive(Debug)]
pub struct InstallError {
    file: PathBuf,
    problem: Problem,
}

/// What is wrong with a file.
#[derive(Debug)]
pub(crate) enum Problem {
    Unreadable(io::Error),
    Unwritable(io::Error),
    NotAFile,
    Dangling,
    LinkToAnotherOwner,
    AnotherOwner,
    ReadOnly,
    TooLarge,
    NotText,
    Empty,
    Syntax { line: usize, column: usize, problem: String },
    NotAn { what: String, wanted: &'static str },
    Twice { key: String, line: usize },
    NotOurs,
    Entangled,
    Changed,
}

impl InstallError {
    pub(crate) fn new(file: &Path, problem: Problem) -> Self {
        Self { file: file.to_path_buf(), problem }
    }

    /// The file that was not changed.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }
}

impl std::error::Error for InstallError {}

impl fmt::Display for InstallError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.file.display(), self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(out, "cannot be read: {error}"),
            Self::Unwritable(error) => write!(out, "cannot be written: {error}"),
            Self::NotAFile => out.write_str("not a regular file: move it away"),
            Self::Dangling => {
                out.write_str("a link to a file that does not exist: remove the link")
            }
            Self::LinkToAnotherOwner => out
                .write_str("a link to a file of another user: replace it with a file of your own"),
            Self::AnotherOwner => out.write_str("belongs to another user: run this as that user"),
            Self::ReadOnly => out.write_str("read-only: make it writable first"),
            Self::TooLarge => {
                let most = super::limits::FILE_BYTES / (1024 * 1024);
                write!(out, "larger than {most} MiB: make it smaller first")
            }
            Self::NotText => out.write_str("not valid UTF-8: fix the file by hand"),
            Self::Empty => {
                out.write_str("empty, so not valid JSON: write {} into it, or delete it")
            }
            Self::Syntax { line, column, problem } => {
                write!(out, "not valid JSON at line {line}, column {column} ({problem}): ")?;
                out.write_str("fix the file by hand")
            }
            Self::NotAn { what, wanted } => {
                write!(out, "{what} is not {wanted}: fix the file by hand")
            }
            Self::Twice { key, line } => {
                write!(out, "line {line} repeats the key `{key}`: keep only one of them")
            }
            Self::NotOurs => {
                out.write_str("not written by this command: move it away or rename it")
            }
            Self::Entangled => {
                out.write_str("the hooks cannot be changed without changing something else: ")?;
                out.write_str("change them by hand")
            }
            Self::Changed => out.write_str("changed while it was being edited: try again"),
        }
    }
}
