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
}

impl CatalogMistake {
    /// A file or folder cannot be read.
    pub(super) fn unreadable(message: String, error: io::Error) -> Self {
        Self { message, unreadable: Some(error) }
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
        Self { message, unreadable: None }
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
