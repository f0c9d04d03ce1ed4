//! Why a file or folder on the person's machine could not be read or changed.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use headcount_queue::{QueueError, ShipError};

use super::in_use::is_held;
use crate::visible::visible;

/// A file or folder on the person's machine could not be read or changed. It
/// displays as one line: which file, what is wrong, and what to do.
#[derive(Debug)]
pub struct DiskError {
    path: Option<PathBuf>,
    cause: Cause,
}

#[derive(Debug)]
pub(crate) enum Cause {
    /// An error of the operating system.
    System(io::Error),
    /// Others may have created or changed the file; the text says why.
    NotOurs(&'static str),
    /// The content cannot be used; the text says why.
    Damaged(String),
    /// The text could not be edited and is unchanged; the text says why.
    Unchanged(String),
    /// A newer release of the program wrote the file, and this one leaves it.
    OfNewerRelease,
    /// Telemetry was turned off before something could be created.
    TurnedOff,
    /// Another process holds the lock.
    Busy,
    /// Somebody else wrote the file between its reading and its writing.
    Changed,
    /// There is no place for files; the text says what to do.
    NoPlace(&'static str),
    /// An error of the queue's own files.
    Queue(QueueError),
    /// A shipper holds the queue, or its lock cannot be used.
    Shipper(ShipError),
}

impl DiskError {
    pub(crate) fn new(path: &Path, cause: impl Into<Cause>) -> Self {
        Self { path: Some(path.to_path_buf()), cause: cause.into() }
    }

    pub(crate) fn no_place(sentence: &'static str) -> Self {
        Self { path: None, cause: Cause::NoPlace(sentence) }
    }

    /// The file or folder, if the error is about one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.cause {
            Cause::Queue(error) | Cause::Shipper(ShipError::Failed(error)) => Some(error.path()),
            _ => self.path.as_deref(),
        }
    }

    /// The kind of the operating system's error, if it was one.
    #[must_use]
    pub fn kind(&self) -> Option<io::ErrorKind> {
        match &self.cause {
            Cause::System(error) => Some(error.kind()),
            Cause::Queue(error) | Cause::Shipper(ShipError::Failed(error)) => error.kind(),
            _ => None,
        }
    }

    /// Whether the disk, a quota or a limit on the size of files is full.
    #[must_use]
    pub fn is_storage_full(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};

        matches!(self.kind(), Some(StorageFull | QuotaExceeded | FileTooLarge))
    }

    /// Whether the content of a file cannot be used, or others may have written
    /// it. A person has to look at the file.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        match &self.cause {
            Cause::NotOurs(_) | Cause::Damaged(_) | Cause::Unchanged(_) => true,
            Cause::Queue(error) => error.is_damaged(),
            Cause::Shipper(error) => error.is_damaged(),
            Cause::System(_)
            | Cause::OfNewerRelease
            | Cause::TurnedOff
            | Cause::Busy
            | Cause::Changed
            | Cause::NoPlace(_) => false,
        }
    }

    /// Whether a newer release of the program wrote the file. This release
    /// leaves it as it is; only the newer one can change it.
    #[must_use]
    pub fn is_of_newer_release(&self) -> bool {
        matches!(self.cause, Cause::OfNewerRelease)
    }

    /// Whether another program has the file open. Try again later.
    pub(crate) fn is_held(&self) -> bool {
        matches!(&self.cause, Cause::System(error) if is_held(error))
    }

    /// Whether nothing was created because telemetry was turned off meanwhile.
    pub(crate) fn is_turned_off(&self) -> bool {
        matches!(self.cause, Cause::TurnedOff)
    }

    /// Whether the file was not written because somebody else did so at the
    /// same moment.
    pub(crate) fn is_changed(&self) -> bool {
        matches!(self.cause, Cause::Changed)
    }

    /// Whether another process holds a lock, or changes the same file at this
    /// moment. Try again later.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        match &self.cause {
            Cause::Busy | Cause::Changed => true,
            Cause::Queue(error) => error.is_busy(),
            Cause::Shipper(error) => error.is_busy(),
            _ => false,
        }
    }

    /// What is wrong, without the path and without advice.
    pub(crate) fn problem(&self) -> String {
        match &self.cause {
            Cause::System(error) if is_held(error) => "another program has it open".to_owned(),
            Cause::System(error) => error.to_string(),
            Cause::NotOurs(why) | Cause::NoPlace(why) => (*why).to_owned(),
            Cause::Damaged(why) | Cause::Unchanged(why) => why.clone(),
            Cause::OfNewerRelease => "a newer release of this program wrote this file".to_owned(),
            Cause::TurnedOff => "telemetry was turned off meanwhile".to_owned(),
            Cause::Busy => "another process has held this lock for too long".to_owned(),
            Cause::Changed => "another program changed it at the same moment".to_owned(),
            Cause::Queue(error) => error.to_string(),
            Cause::Shipper(error) => error.to_string(),
        }
    }
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::WouldBlock => Self::Busy,
            _ => Self::System(error),
        }
    }
}

impl From<QueueError> for DiskError {
    fn from(error: QueueError) -> Self {
        Self { path: None, cause: Cause::Queue(error) }
    }
}

impl From<ShipError> for DiskError {
    fn from(error: ShipError) -> Self {
        Self { path: None, cause: Cause::Shipper(error) }
    }
}

impl From<DiskError> for io::Error {
    fn from(error: DiskError) -> Self {
        Self::new(error.kind().unwrap_or(io::ErrorKind::Other), error)
    }
}

impl fmt::Display for DiskError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = self.problem();
        let Some(path) = &self.path else { return out.write_str(&problem) };
        let shown = visible(&path.display().to_string());
        if let Cause::Unchanged(_) = self.cause {
            return write!(out, "{shown} was not changed: {problem}");
        }
        let advice = match self.cause {
            Cause::OfNewerRelease => "use that release, or a newer one",
            Cause::Busy | Cause::Changed => "try again in a few seconds",
            Cause::System(ref error) if is_held(error) => {
                "close that program, or try again in a few seconds"
            }
            _ => self.kind().and_then(advice).unwrap_or("fix or delete it, and try again"),
        };
        write!(out, "{shown}: {problem}; {advice}")
    }
}

impl Error for DiskError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            Cause::System(error) => Some(error),
            Cause::Queue(error) => Some(error),
            Cause::Shipper(error) => Some(error),
            Cause::NotOurs(_)
            | Cause::Damaged(_)
            | Cause::Unchanged(_)
            | Cause::OfNewerRelease
            | Cause::TurnedOff
            | Cause::Busy
            | Cause::Changed
            | Cause::NoPlace(_) => None,
        }
    }
}

fn advice(kind: io::ErrorKind) -> Option<&'static str> {
    match kind {
        io::ErrorKind::PermissionDenied => {
            Some("check the owner and permissions of the file and its folder")
        }
        io::ErrorKind::ReadOnlyFilesystem => Some("make its folder writable"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            Some("free some space and try again")
        }
        io::ErrorKind::NotADirectory => {
            Some("a part of its path is a file, not a folder: move that file away")
        }
        io::ErrorKind::NotFound => Some("create its folder and try again"),
        io::ErrorKind::ResourceBusy => {
            Some("it may be a mount point, which cannot be replaced: unmount it and try again")
        }
        _ => None,
    }
}
