//! Why a file or folder of the person's could not be read or changed.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use headcount_queue::{QueueError, ShipError};

/// A file or folder of the person's could not be read or changed. It displays as a sentence: which
/// file, what is wrong, and what to do.
#[derive(Debug)]
pub struct DiskError {
    path: Option<PathBuf>,
    cause: Cause,
}

#[derive(Debug)]
pub(crate) enum Cause {
    /// The system said no.
    System(io::Error),
    /// The file is one that others may have made or changed; the words say why.
    NotOurs(&'static str),
    /// What it holds cannot be read; the words say why.
    Damaged(String),
    /// The text could not be edited, and stands as it was; the words say why.
    LeftAsItIs(String),
    /// Another process holds it.
    Busy,
    /// There is nowhere to keep anything; a sentence with what to do.
    NoPlace(&'static str),
    /// The queue's own files.
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

    /// The file or folder it is about; `None` where there is none.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.cause {
            Cause::Queue(error) | Cause::Shipper(ShipError::Failed(error)) => Some(error.path()),
            _ => self.path.as_deref(),
        }
    }

    /// The kind of the system's error, if it was one.
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

    /// Whether the content of a file cannot be read, or others may have written it: somebody has to
    /// look at it.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        matches!(self.cause, Cause::NotOurs(_) | Cause::Damaged(_) | Cause::LeftAsItIs(_))
    }

    /// Whether another process holds it: try again later.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        match &self.cause {
            Cause::Busy => true,
            Cause::Shipper(ShipError::Held { .. }) => true,
            _ => self.kind() == Some(io::ErrorKind::WouldBlock),
        }
    }

    /// What is wrong, without the file's name and without advice.
    pub(crate) fn problem(&self) -> String {
        match &self.cause {
            Cause::System(error) => error.to_string(),
            Cause::NotOurs(why) | Cause::NoPlace(why) => (*why).to_owned(),
            Cause::Damaged(why) | Cause::LeftAsItIs(why) => why.clone(),
            Cause::Busy => "another process has held it for too long".to_owned(),
            Cause::Queue(error) => error.to_string(),
            Cause::Shipper(error) => error.to_string(),
        }
    }
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::ResourceBusy => Self::Busy,
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
        if let Cause::LeftAsItIs(_) = self.cause {
            return write!(out, "{} was left as it is: {problem}", path.display());
        }
        let advice = self.kind().and_then(advice);
        let advice = advice.unwrap_or("mend or remove it, and try again");
        write!(out, "{}: {problem}; {advice}", path.display())
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
            | Cause::LeftAsItIs(_)
            | Cause::Busy
            | Cause::NoPlace(_) => None,
        }
    }
}

fn advice(kind: io::ErrorKind) -> Option<&'static str> {
    match kind {
        io::ErrorKind::PermissionDenied => Some("check the owner and mode of it and its folder"),
        io::ErrorKind::ReadOnlyFilesystem => Some("its folder must be one that can be written"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            Some("free some space, and try again")
        }
        io::ErrorKind::NotADirectory => {
            Some("a file stands where a folder should be: move it away")
        }
        io::ErrorKind::NotFound => Some("its folder is not there: make it, and try again"),
        _ => None,
    }
}
