//! Errors of a store: what cannot be done, where, and what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::LockHolder;
use crate::block::Damage;
use crate::sealed::SealedDamage;

/// Why a store cannot be opened, cannot commit or cannot answer.
///
/// The message is one line without a full stop, so that a caller can put it
/// after its own words. It holds nothing of an event. The `is_…` methods tell
/// apart what a caller may react to; an error may be none of these.
pub struct StoreError {
    /// Boxed, so that a `Result` stays small.
    cause: Box<Cause>,
}

/// What stood in the way.
enum Cause {
    /// An error that another implementation of the port describes.
    Other { message: String, source: Option<io::Error> },
    /// The system refused something about a file or folder.
    System { doing: &'static str, path: PathBuf, error: io::Error },
    /// SQLite refused something about its file.
    Database { doing: &'static str, path: PathBuf, error: rusqlite::Error },
    /// The bytes of a block are wrong.
    Block { path: PathBuf, number: i64, damage: Damage },
    /// Sealed bytes are wrong.
    Sealed { path: PathBuf, part: &'static str, number: i64, damage: SealedDamage },
    /// The bytes of a schema are wrong.
    Schema { path: PathBuf, number: i64, damage: Damage },
    /// The file that was opened is not there any more.
    FileGone { path: PathBuf },
    /// The database has a format that must be migrated first.
    OlderFormat { path: PathBuf, format: usize },
    /// Another process has the data folder open.
    FolderInUse { path: PathBuf, holder: Option<LockHolder> },
    /// The folder is a backup that was not finished.
    UnfinishedBackup { path: PathBuf },
    /// The database has another application id.
    OtherProgram { path: PathBuf },
    /// The database was written by a newer version.
    NewerFormat { path: PathBuf, format: i32, newest: usize },
    /// SQLite cannot keep its write-ahead log here.
    NoWriteAheadLog { path: PathBuf },
}

impl StoreError {
    /// Makes an error of another implementation of [`Store`](crate::Store). The
    /// message says what cannot be done, where, and what to do, and holds
    /// nothing of an event.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Cause::Other { message: message.into(), source: None }.into()
    }

    /// Makes an error like [`new`](Self::new). The kind of `source` decides
    /// what the `is_…` methods return.
    #[must_use]
    pub fn with_source(message: impl Into<String>, source: io::Error) -> Self {
        Cause::Other { message: message.into(), source: Some(source) }.into()
    }

    pub(crate) fn system(doing: &'static str, path: &Path, error: io::Error) -> Self {
        Cause::System { doing, path: path.to_path_buf(), error }.into()
    }

    pub(crate) fn database(doing: &'static str, path: &Path, error: rusqlite::Error) -> Self {
        Cause::Database { doing, path: path.to_path_buf(), error }.into()
    }

    pub(crate) fn block(path: &Path, number: i64, damage: Damage) -> Self {
        Cause::Block { path: path.to_path_buf(), number, damage }.into()
    }

    /// `part` is what the bytes are: a chunk, a page of ids.
    pub(crate) fn sealed(
        path: &Path,
        (part, number): (&'static str, i64),
        damage: SealedDamage,
    ) -> Self {
        Cause::Sealed { path: path.to_path_buf(), part, number, damage }.into()
    }

    pub(crate) fn schema(path: &Path, number: i64, damage: Damage) -> Self {
        Cause::Schema { path: path.to_path_buf(), number, damage }.into()
    }

    pub(crate) fn file_gone(path: &Path) -> Self {
        Cause::FileGone { path: path.to_path_buf() }.into()
    }

    pub(crate) fn older_format(path: &Path, format: usize) -> Self {
        Cause::OlderFormat { path: path.to_path_buf(), format }.into()
    }

    pub(crate) fn folder_in_use(path: &Path, holder: Option<LockHolder>) -> Self {
        Cause::FolderInUse { path: path.to_path_buf(), holder }.into()
    }

    pub(crate) fn unfinished_backup(path: &Path) -> Self {
        Cause::UnfinishedBackup { path: path.to_path_buf() }.into()
    }

    pub(crate) fn other_program(path: &Path) -> Self {
        Cause::OtherProgram { path: path.to_path_buf() }.into()
    }

    pub(crate) fn newer_format(path: &Path, format: i32, newest: usize) -> Self {
        Cause::NewerFormat { path: path.to_path_buf(), format, newest }.into()
    }

    pub(crate) fn no_write_ahead_log(path: &Path) -> Self {
        Cause::NoWriteAheadLog { path: path.to_path_buf() }.into()
    }

    /// The file or folder that the error is about, if it is about one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &*self.cause {
            Cause::Other { .. } => None,
            Cause::System { path, .. }
            | Cause::Database { path, .. }
            | Cause::Block { path, .. }
            | Cause::Sealed { path, .. }
            | Cause::Schema { path, .. }
            | Cause::FileGone { path }
            | Cause::OlderFormat { path, .. }
            | Cause::FolderInUse { path, .. }
            | Cause::UnfinishedBackup { path }
            | Cause::OtherProgram { path }
            | Cause::NewerFormat { path, .. }
            | Cause::NoWriteAheadLog { path } => Some(path),
        }
    }

    /// Whether the disk, or this user's share of it, is full.
    #[must_use]
    pub fn is_storage_full(&self) -> bool {
        self.database_code() == Some(ErrorCode::DiskFull)
            || matches!(
                self.system_kind(),
                Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            )
    }

    /// Whether the file has other bytes than a store writes, so that only a
    /// backup helps.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        match &*self.cause {
            Cause::Block { damage, .. } | Cause::Schema { damage, .. } => {
                !matches!(damage, Damage::UnknownFormat(_))
            }
            Cause::Sealed { damage, .. } => !damage.is_newer_format(),
            _ => {
                matches!(
                    self.database_code(),
                    Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
                ) || self.system_kind() == Some(io::ErrorKind::InvalidData)
            }
        }
    }

    /// Whether another process holds the data folder or locks the file.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(&*self.cause, Cause::FolderInUse { .. })
            || matches!(
                self.database_code(),
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
            )
            || matches!(
                self.system_kind(),
                Some(io::ErrorKind::WouldBlock | io::ErrorKind::ResourceBusy)
            )
    }

    /// Whether this user may not read or write the file or folder.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        matches!(self.database_code(), Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly))
            || matches!(
                self.system_kind(),
                Some(io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
            )
    }

    /// Whether a newer version of Headcount wrote the file.
    #[must_use]
    pub fn is_newer_format(&self) -> bool {
        matches!(
            &*self.cause,
            Cause::NewerFormat { .. }
                | Cause::Block { damage: Damage::UnknownFormat(_), .. }
                | Cause::Schema { damage: Damage::UnknownFormat(_), .. }
        ) || matches!(&*self.cause, Cause::Sealed { damage, .. } if damage.is_newer_format())
    }

    fn database_code(&self) -> Option<ErrorCode> {
        match &*self.cause {
            Cause::Database { error, .. } => error.sqlite_error_code(),
            _ => None,
        }
    }

    fn system_kind(&self) -> Option<io::ErrorKind> {
        match &*self.cause {
            Cause::System { error, .. } | Cause::Other { source: Some(error), .. } => {
                Some(error.kind())
            }
            _ => None,
        }
    }
}

impl From<Cause> for StoreError {
    fn from(cause: Cause) -> Self {
        Self { cause: Box::new(cause) }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.cause {
            Cause::Other { message, .. } => out.write_str(message),
            Cause::System { doing, path, error } => {
                let advice = match error.kind() {
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space",
                    _ => "check the path and its permissions, or choose another data folder",
                };
                write!(out, "cannot {doing} {}: {error}; {advice}", path.display())
            }
            Cause::Database { doing, path, error } => {
                write!(out, "cannot {doing} {}: {error}", path.display())?;
                match error.sqlite_error_code().and_then(advice) {
                    Some(advice) => write!(out, "; {advice}"),
                    None => Ok(()),
                }
            }
            Cause::Block { path, number, damage } => {
                let advice = match damage {
                    Damage::UnknownFormat(_) => "a newer version of Headcount wrote it",
                    _ => "restore the file from a backup",
                };
                write!(out, "cannot read block {number} in {}: {damage}; {advice}", path.display())
            }
            Cause::Sealed { path, part, number, damage } => {
                let advice = if damage.is_newer_format() {
                    "a newer version of Headcount wrote it"
                } else {
                    "restore the file from a backup"
                };
                write!(out, "cannot read {part} {number} in {}: {damage}; {advice}", path.display())
            }
            Cause::Schema { path, number, damage } => {
                let advice = match damage {
                    Damage::UnknownFormat(_) => "a newer version of Headcount wrote it",
                    _ => "restore the file from a backup",
                };
                write!(out, "cannot read schema {number} in {}: {damage}; {advice}", path.display())
            }
            Cause::FileGone { path } => write!(
                out,
                "{} was removed or replaced while it was open; stop the collector, put the file \
                 back, and start it again",
                path.display()
            ),
            Cause::OlderFormat { path, format } => write!(
                out,
                "{} has format {format}, which only a collector can read; start one with this \
                 data folder once",
                path.display()
            ),
            Cause::FolderInUse { path, holder: None } => write!(
                out,
                "the data folder {} is in use by another process; stop that process, or choose \
                 another data folder",
                path.display()
            ),
            Cause::FolderInUse { path, holder: Some(holder) } => write!(
                out,
                "{holder} uses the data folder {} since {}; stop it, or choose another data folder",
                path.display(),
                holder.since()
            ),
            Cause::UnfinishedBackup { path } => write!(
                out,
                "{} is a backup that was not finished; remove it, and use another backup",
                path.display()
            ),
            Cause::OtherProgram { path } => write!(
                out,
                "{} is a database of another program; choose another data folder",
                path.display()
            ),
            Cause::NewerFormat { path, format, newest } => write!(
                out,
                "{} has format {format}, and this version of Headcount reads up to format \
                 {newest}; use the newer version that wrote it, or choose another data folder",
                path.display()
            ),
            Cause::NoWriteAheadLog { path } => write!(
                out,
                "{} cannot have a write-ahead log, because its file system has no shared memory, \
                 as some network drives; choose a data folder on a local disk",
                path.display()
            ),
        }
    }
}

fn advice(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::NotADatabase => {
            Some("choose another data folder, or restore the file from a backup")
        }
        ErrorCode::DatabaseCorrupt => Some("restore the file from a backup"),
        ErrorCode::DiskFull => Some("free some space, and it works again"),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            Some("close the other program that has the file open")
        }
        ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Some(
            "check that it is a regular file, and that this user may read and write it and its \
             folder",
        ),
        ErrorCode::SystemIoFailure => Some("the disk failed: see the system's log"),
        _ => None,
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "StoreError({:?})", self.to_string())
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.cause {
            Cause::System { error, .. } | Cause::Other { source: Some(error), .. } => Some(error),
            Cause::Database { error, .. } => Some(error),
            _ => None,
        }
    }
}
