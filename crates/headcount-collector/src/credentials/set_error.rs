//! Why credentials cannot be used or changed.

use std::fmt;
use std::io;
use std::path::PathBuf;

use headcount_store::StoreError;

use super::weak_password::WeakPassword;
use crate::unusable_folder::UnusableFolder;

/// Why credentials cannot be used or changed: one line without a full stop.
#[derive(Debug)]
#[non_exhaustive]
pub enum CredentialError {
    /// The text is not the name of a product.
    NotAProductName(String),
    /// The text is not a name that a reader can have.
    NotAReaderName(String),
    /// There is a reader of this name.
    ReaderExists(String),
    /// No reader has this name.
    UnknownReader {
        /// The name.
        name: String,
        /// The names that readers have.
        known: Vec<String>,
    },
    /// No write key has this id.
    UnknownKey(String),
    /// No token has this id.
    UnknownToken(String),
    /// The key is a write key already, with this id.
    KeyInUse {
        /// The id of the key.
        id: String,
    },
    /// Two secrets have the same id.
    SameId(String),
    /// There are as many as there may be.
    TooMany(&'static str, usize),
    /// The key that a product has already can be guessed, or cannot be sent.
    BadExistingKey(&'static str),
    /// The password is not good enough.
    WeakPassword(WeakPassword),
    /// The system has no random bytes.
    RandomBytes(getrandom::Error),
    /// The folder is not one of a collector's data.
    UnusableFolder(UnusableFolder),
    /// The folder cannot be locked.
    Folder(StoreError),
    /// Another command has held the credentials for too long.
    Busy(PathBuf),
    /// A secret cannot be read from standard input.
    Input {
        /// What it is: `key` or `password`.
        what: &'static str,
        /// Why.
        error: io::Error,
    },
    /// A new secret cannot be printed.
    Output(io::Error),
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
    /// A newer version of Headcount wrote the file.
    Newer(PathBuf),
    /// The file is damaged.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        what: String,
    },
}

impl From<WeakPassword> for CredentialError {
    fn from(weak: WeakPassword) -> Self {
        Self::WeakPassword(weak)
    }
}

impl From<getrandom::Error> for CredentialError {
    fn from(error: getrandom::Error) -> Self {
        Self::RandomBytes(error)
    }
}

impl fmt::Display for CredentialError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAProductName(text) => write!(
                out,
                "`{text}` is not the name of a product: use the one in its catalog, such as `atomic`"
            ),
            Self::NotAReaderName(text) => write!(
                out,
                "`{text}` is not a name for a reader: use letters, digits and `.-_@+`, beginning with \
                 a letter or a digit"
            ),
            Self::ReaderExists(name) => write!(
                out,
                "there is a reader `{name}` already: choose another name, or give a new password \
                 with `headcount readers password {name}`"
            ),
            Self::UnknownReader { name, known } if known.is_empty() => write!(
                out,
                "there is no reader `{name}`, and no other: add one with `headcount readers new {name}`"
            ),
            Self::UnknownReader { name, known } => {
                write!(out, "there is no reader `{name}`: use {}", known.join(", "))
            }
            Self::UnknownKey(id) => {
                write!(out, "no write key has the id `{id}`: `headcount keys list` shows the ids")
            }
            Self::UnknownToken(id) => {
                write!(out, "no token has the id `{id}`: `headcount readers list` shows the ids")
            }
            Self::KeyInUse { id } => {
                write!(out, "this key is a write key already, with the id `{id}`")
            }
            Self::SameId(id) => write!(out, "two secrets have the id `{id}`: try once more"),
            Self::TooMany(what, most) => {
                write!(out, "there are {most} {what}, and there cannot be more: revoke old ones")
            }
            Self::BadExistingKey(why) => write!(out, "the key {why}"),
            Self::WeakPassword(weak) => weak.fmt(out),
            Self::RandomBytes(error) => {
                write!(out, "the system has no random bytes for a new secret: {error}")
            }
            Self::UnusableFolder(unusable) => unusable.fmt(out),
            Self::Folder(error) => error.fmt(out),
            Self::Busy(path) => write!(
                out,
                "another command changes the credentials in {}: try again when it has ended",
                path.display()
            ),
            Self::File { doing, path, error } => {
                write!(out, "cannot {doing} the credentials {}: {error}", path.display())
            }
            Self::Input { what, error } => {
                write!(out, "cannot read the {what} from standard input: {error}")
            }
            Self::Output(error) => write!(
                out,
                "cannot print the new secret, so it is revoked again: {error}; make another one"
            ),
            Self::Unsafe { path, why } => write!(out, "the credentials {} {why}", path.display()),
            Self::Newer(path) => write!(
                out,
                "a newer version of Headcount wrote the credentials {}: run that version",
                path.display()
            ),
            Self::Damaged { path, what } => write!(
                out,
                "the credentials {} are damaged: {what}; restore them from a backup, or remove the \
                 file and make new keys and readers",
                path.display()
            ),
        }
    }
}

impl std::error::Error for CredentialError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Folder(error) => std::error::Error::source(error),
            Self::File { error, .. } | Self::Input { error, .. } | Self::Output(error) => {
                Some(error)
            }
            _ => None,
        }
    }
}
