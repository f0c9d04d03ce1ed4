//! Why catalogs cannot be used, all mistakes at once.

use std::fmt;
use std::io;

/// Why catalogs cannot be used: every mistake, one line each.
#[derive(Debug)]
pub struct RegistryError {
    /// At least one.
    mistakes: Vec<CatalogMistake>,
}

/// One mistake.
#[derive(Debug)]
pub(crate) struct CatalogMistake {
    /// A line, with file, line and column if they are known.
    message: String,
    /// The system's error, if a file or folder could not be read.
    unreadable: Option<io::Error>,
    /// Whether the contents were read, and are wrong. Contents that were not
    /// read may be right.
    was_read: bool,
}

impl CatalogMistake {
    /// A file or folder cannot be read.
    pub(super) fn unreadable(message: String, error: io::Error) -> Self {
        Self { message, unreadable: Some(error), was_read: false }
    }

    /// There is something else where a file should be.
    pub(super) fn not_a_file(message: String) -> Self {
        Self { message, unreadable: None, was_read: false }
    }

    /// The contents are not text.
    pub(super) fn not_text(message: String, error: io::Error) -> Self {
        Self { message, unreadable: Some(error), was_read: true }
    }

    pub(super) fn was_read(&self) -> bool {
        self.was_read
    }

    /// Whether the next try may succeed although nobody changes the file.
    pub(super) fn may_pass(&self) -> bool {
        !self.was_read && self.unreadable.is_some()
    }

    /// The same, with what to do about it.
    pub(super) fn advised(mut self, advice: &str) -> Self {
        self.message.push_str(advice);
        self
    }
}

impl CatalogMistake {
    /// The line.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }
}

impl From<String> for CatalogMistake {
    fn from(message: String) -> Self {
        Self { message, unreadable: None, was_read: true }
    }
}

impl RegistryError {
    pub(super) fn of(mistakes: Vec<CatalogMistake>) -> Self {
        Self { mistakes }
    }

    pub(super) fn into_mistakes(self) -> Vec<CatalogMistake> {
        self.mistakes
    }

    /// Every mistake as one line, with its file, line and column if they are
    /// known.
    pub fn all(&self) -> impl ExactSizeIterator<Item = &str> {
        self.mistakes.iter().map(|mistake| mistake.message.as_str())
    }

    /// Whether the folder or one of its files could not be read. Otherwise the
    /// catalogs themselves are wrong.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        self.system_errors().next().is_some()
    }

    /// Whether this user may not read the folder or one of its files.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        self.system_errors().any(|error| error.kind() == io::ErrorKind::PermissionDenied)
    }

    /// The kind of the first error of the system.
    pub(crate) fn system_kind(&self) -> Option<io::ErrorKind> {
        self.system_errors().next().map(io::Error::kind)
    }

    fn system_errors(&self) -> impl Iterator<Item = &io::Error> {
        self.mistakes.iter().filter_map(|mistake| mistake.unreadable.as_ref())
    }
}

impl fmt::Display for RegistryError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.all().collect::<Vec<_>>().join("\n"))
    }
}

impl std::error::Error for RegistryError {
    /// The first error of the system.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.system_errors().next().map(|error| error as _)
    }
}
