//! Why a note cannot be kept, or the notes not be read.

use std::fmt;
use std::io;
use std::path::PathBuf;

use headcount_catalog::Day;
use headcount_store::StoreError;

use crate::limits;
use crate::unusable_folder::UnusableFolder;

/// Why a note cannot be kept, or the notes not be read: one line without a full
/// stop. It never has the text of a note.
#[derive(Debug)]
#[non_exhaustive]
pub enum NoteError {
    /// The text is not the name of a product.
    NotAProductName(String),
    /// The note says nothing.
    Empty,
    /// The note is too long.
    TooLong {
        /// How long it is.
        characters: usize,
    },
    /// The note has line breaks or other characters that are not text.
    NotOneLine,
    /// The day has not begun: no page shows it yet.
    InTheFuture {
        /// The current day, UTC.
        today: Day,
    },
    /// The day is before 1970, and no page shows it.
    TooEarly,
    /// No note has this id.
    Unknown(String),
    /// There are as many as there may be.
    TooMany,
    /// The system has no random bytes.
    RandomBytes(getrandom::Error),
    /// The folder is not one of a collector's data.
    UnusableFolder(UnusableFolder),
    /// The folder cannot be locked.
    Folder(StoreError),
    /// Somebody else has held the notes for too long.
    Busy(PathBuf),
    /// The file cannot be read or written.
    File {
        /// What cannot be done: `read` or `write`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file cannot be trusted.
    Unsafe {
        /// The file.
        path: PathBuf,
        /// Why, and what to do.
        why: &'static str,
    },
    /// A line of the file is not a note.
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1 on.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
}

impl NoteError {
    /// Whether what was sent is wrong, and not the folder.
    pub(crate) fn is_of_the_note(&self) -> bool {
        matches!(
            self,
            Self::NotAProductName(_)
                | Self::Empty
                | Self::TooLong { .. }
                | Self::NotOneLine
                | Self::InTheFuture { .. }
                | Self::TooEarly
                | Self::Unknown(_)
                | Self::TooMany
        )
    }
}

impl fmt::Display for NoteError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = limits::NOTE_CHARACTERS;
        match self {
            Self::NotAProductName(text) => write!(
                out,
                "`{text}` is not the name of a product: use the one in its catalog, such as `atomic`"
            ),
            Self::Empty => write!(out, "the note is empty: write what happened on that day"),
            Self::TooLong { characters } => {
                write!(out, "the note has {characters} characters: use at most {most}")
            }
            Self::NotOneLine => write!(
                out,
                "the note is not one line of text: leave out line breaks and control characters"
            ),
            Self::InTheFuture { today } => write!(
                out,
                "the day is in the future: write a note on today, {today} (UTC), or on a day before"
            ),
            Self::TooEarly => {
                write!(out, "the day is before 1970, and no page shows it: use a later one")
            }
            Self::Unknown(id) => {
                write!(out, "no note has the id `{id}`: `headcount notes list` shows the ids")
            }
            Self::TooMany => write!(
                out,
                "there are {} notes, and there cannot be more: remove old ones with `headcount notes \
                 remove ID`",
                limits::NOTES
            ),
            Self::RandomBytes(error) => {
                write!(out, "the system has no random bytes for the id of a note: {error}")
            }
            Self::UnusableFolder(unusable) => unusable.fmt(out),
            Self::Folder(error) => error.fmt(out),
            Self::Busy(path) => write!(
                out,
                "somebody else changes the notes in {}: try again in a few seconds",
                path.display()
            ),
            Self::File { doing, path, error } => {
                write!(out, "cannot {doing} the notes {}: {error}", path.display())
            }
            Self::Unsafe { path, why } => write!(out, "the notes {} {why}", path.display()),
            Self::Damaged { path, line, what } => write!(
                out,
                "line {line} of the notes {} {what}: mend the line or take it out",
                path.display()
            ),
        }
    }
}

impl std::error::Error for NoteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Folder(error) => std::error::Error::source(error),
            Self::File { error, .. } => Some(error),
            _ => None,
        }
    }
}
