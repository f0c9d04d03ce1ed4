//! The room of what can go wrong, each as a sentence: what, where, what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Something about the queue's files could not be done.
#[derive(Debug)]
pub struct QueueError {
    doing: &'static str,
    path: PathBuf,
    cause: Cause,
}

/// What stood in the way.
#[derive(Debug)]
pub(crate) enum Cause {
    /// The system said no.
    System(io::Error),
    /// There is something at the path, but no regular file; the words say what.
    NotAFile(&'static str),
    /// A process that is in the middle of an append holds it.
    Held,
    /// The name itself cannot be used; the words say why.
    Name(&'static str),
}

impl QueueError {
    pub(crate) fn new(doing: &'static str, path: &Path, cause: impl Into<Cause>) -> QueueError {
        QueueError { doing, path: path.to_path_buf(), cause: cause.into() }
    }

    /// The file or folder it is about.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The kind of the system's error, if it was one.
    #[must_use]
    pub fn kind(&self) -> Option<io::ErrorKind> {
        match &self.cause {
            Cause::System(error) => Some(error.kind()),
            Cause::Held => Some(io::ErrorKind::WouldBlock),
            Cause::NotAFile(_) | Cause::Name(_) => None,
        }
    }
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Cause {
        match crate::platform::kind_in_the_way(&error) {
            Some(kind) => Cause::NotAFile(kind),
            None if error.kind() == io::ErrorKind::WouldBlock => Cause::Held,
            None => Cause::System(error),
        }
    }
}

impl fmt::Display for QueueError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot {} {}: ", self.doing, self.path.display())?;
        match &self.cause {
            Cause::System(error) => {
                write!(out, "{error}")?;
                match advice(error.kind()) {
                    Some(advice) => write!(out, "; {advice}"),
                    None => Ok(()),
                }
            }
            Cause::NotAFile(kind) => {
                write!(out, "it is {kind}, not a regular file; move it away or name another file")
            }
            Cause::Held => {
                out.write_str("a process that writes to it is stopped; end it, or wait for it")
            }
            Cause::Name(why) => write!(out, "{why}; name another file"),
        }
    }
}

impl std::error::Error for QueueError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.cause {
            Cause::System(error) => Some(error),
            Cause::NotAFile(_) | Cause::Held | Cause::Name(_) => None,
        }
    }
}

fn advice(kind: io::ErrorKind) -> Option<&'static str> {
    match kind {
        io::ErrorKind::PermissionDenied => Some("check the owner and mode of it and its folder"),
        io::ErrorKind::ReadOnlyFilesystem => Some("name a folder that can be written"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some("free some space"),
        io::ErrorKind::FileTooLarge => Some("raise the limit on the size of files (ulimit -f)"),
        io::ErrorKind::NotADirectory => Some("a file stands where a folder should be"),
        io::ErrorKind::Unsupported => {
            Some("its file system has no locks or no modes: name a folder on another one")
        }
        _ => None,
    }
}

/// Why a line was not appended. The line is not in the queue, whole or in a form that could be
/// taken for it; the caller counts it and goes on.
#[derive(Debug)]
pub enum AppendError {
    /// The line was empty: a reader would skip it.
    Empty,
    /// The line had a newline in it, or the cancel character at its end: a reader would find two
    /// lines, or a torn one.
    Control,
    /// The line was longer than [`crate::MAX_LINE_BYTES`].
    TooLong {
        /// Its bytes.
        bytes: usize,
    },
    /// The segment has reached its share of [`crate::Bounds::bytes`], or half of what the process
    /// may write to a file.
    Full {
        /// The segment's bytes.
        bytes: u64,
    },
    /// The open segment and every side segment were held by others.
    Busy,
    /// The disk took a part of the line only. Readers count the part as torn or, where another
    /// line follows, find a line that is no record; it takes no neighbour with it.
    Short {
        /// Bytes that were taken.
        taken: usize,
        /// Bytes that should have been.
        of: usize,
    },
    /// A file or folder could not be used.
    Failed(QueueError),
}

impl fmt::Display for AppendError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AppendError::Empty => out.write_str("an empty line is no record; give it a content"),
            AppendError::Control => {
                out.write_str("a newline or a final cancel character would spoil a line; escape it")
            }
            AppendError::TooLong { bytes } => {
                write!(out, "a line of {bytes} bytes is too long; {} fit", crate::MAX_LINE_BYTES)
            }
            AppendError::Full { bytes } => {
                write!(out, "the queue is full ({bytes} bytes wait); it empties when it is shipped")
            }
            AppendError::Busy => {
                out.write_str("the queue is held by other processes; end those that are stopped")
            }
            AppendError::Short { taken, of } => {
                write!(out, "the disk took {taken} of {of} bytes; free some space")
            }
            AppendError::Failed(error) => error.fmt(out),
        }
    }
}

impl std::error::Error for AppendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            AppendError::Failed(error) => Some(error),
            _ => None,
        }
    }
}

impl From<QueueError> for AppendError {
    fn from(error: QueueError) -> AppendError {
        AppendError::Failed(error)
    }
}

/// Why there is no [`crate::Shipper`].
#[derive(Debug)]
pub enum ShipError {
    /// Another process ships this queue, and did so until the wait was over.
    Held {
        /// Its process id, as it wrote it down for people; nothing relies on it.
        process: Option<u32>,
    },
    /// The lock's file or folder could not be used.
    Failed(QueueError),
}

impl fmt::Display for ShipError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShipError::Held { process: Some(process) } => {
                write!(out, "process {process} is shipping this queue; wait until it has ended")
            }
            ShipError::Held { process: None } => {
                out.write_str("another process is shipping this queue; wait until it has ended")
            }
            ShipError::Failed(error) => error.fmt(out),
        }
    }
}

impl std::error::Error for ShipError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ShipError::Held { .. } => None,
            ShipError::Failed(error) => Some(error),
        }
    }
}

impl From<QueueError> for ShipError {
    fn from(error: QueueError) -> ShipError {
        ShipError::Failed(error)
    }
}
