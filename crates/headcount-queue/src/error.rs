//! What can go wrong. Each error is a sentence: what, where, what to do.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::limits::MAX_LINE_BYTES;

/// A file or folder of the queue could not be used.
#[derive(Debug)]
pub struct QueueError {
    /// As in "cannot `action` PATH".
    action: &'static str,
    path: PathBuf,
    cause: Cause,
}

/// Why a file or folder could not be used.
#[derive(Debug)]
pub(crate) enum Cause {
    /// The system returned an error.
    System(io::Error),
    /// Something other than a regular file is at the path, such as "a folder".
    NotAFile(&'static str),
    /// Another process holds the lock of the file.
    Held,
    /// The path itself cannot be used; the text says why.
    Path(&'static str),
}

impl QueueError {
    pub(crate) fn new(action: &'static str, path: &Path, cause: impl Into<Cause>) -> QueueError {
        QueueError { action, path: path.to_path_buf(), cause: cause.into() }
    }

    /// The file or folder that could not be used.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The kind of the system's error, if there was one. A held lock is
    /// [`WouldBlock`](io::ErrorKind::WouldBlock).
    #[must_use]
    pub fn kind(&self) -> Option<io::ErrorKind> {
        match &self.cause {
            Cause::System(error) => Some(error.kind()),
            Cause::Held => Some(io::ErrorKind::WouldBlock),
            Cause::NotAFile(_) | Cause::Path(_) => None,
        }
    }

    /// Whether the disk is full, or the user's quota on it.
    #[must_use]
    pub fn is_storage_full(&self) -> bool {
        matches!(self.kind(), Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
    }

    /// Whether another process holds a lock that was needed. Trying again later
    /// can help.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self.cause, Cause::Held)
    }

    /// Whether something other than a regular file is at the path: a folder, a
    /// link, a pipe, a socket or a device. Trying again does not help.
    ///
    /// A regular file with damaged content is not an error. The queue skips and
    /// counts its lines ([`Lines::skipped`](crate::Lines::skipped)), and a
    /// destination whose progress is damaged starts over
    /// ([`Origin::StartedOver`](crate::Origin::StartedOver)).
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        matches!(self.cause, Cause::NotAFile(_))
    }
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Cause {
        match crate::platform::obstacle(&error) {
            Some(obstacle) => Cause::NotAFile(obstacle),
            None if error.kind() == io::ErrorKind::WouldBlock => Cause::Held,
            None => Cause::System(error),
        }
    }
}

impl fmt::Display for QueueError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot {} {}: ", self.action, self.path.display())?;
        match &self.cause {
            Cause::System(error) => {
                write!(out, "{error}")?;
                match advice(error.kind()) {
                    Some(advice) => write!(out, "; {advice}"),
                    None => Ok(()),
                }
            }
            Cause::NotAFile(obstacle) => {
                write!(out, "it is {obstacle}, not a regular file; move it away")
            }
            Cause::Held => {
                out.write_str("another process has locked it; wait for that process or end it")
            }
            Cause::Path(why) => write!(out, "{why}; use the path of another file"),
        }
    }
}

impl Error for QueueError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            Cause::System(error) => Some(error),
            Cause::NotAFile(_) | Cause::Held | Cause::Path(_) => None,
        }
    }
}

fn advice(kind: io::ErrorKind) -> Option<&'static str> {
    match kind {
        io::ErrorKind::PermissionDenied => {
            Some("check the owner and the permissions of the file and its folder")
        }
        io::ErrorKind::ReadOnlyFilesystem => Some("use a folder on a writable file system"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some("free some disk space"),
        io::ErrorKind::FileTooLarge => Some("raise the limit on the size of files (ulimit -f)"),
        io::ErrorKind::NotADirectory => Some("move away the file that is in place of a folder"),
        io::ErrorKind::Unsupported => {
            Some("its file system has no locks or no permissions: use a folder on another one")
        }
        _ => None,
    }
}

/// Why a line was not appended. The line is not in the queue, neither whole nor
/// in a form that could be mistaken for it. A host counts the loss and goes on.
#[derive(Debug)]
#[non_exhaustive]
pub enum AppendError {
    /// The line is empty. A reader would skip it.
    Empty,
    /// The line contains a newline or ends with the cancel character (U+0018).
    /// A reader would find two lines, or a torn one.
    Control,
    /// The line is longer than [`MAX_LINE_BYTES`].
    TooLong {
        /// The length of the line in bytes.
        bytes: usize,
    },
    /// The segment has reached its share of
    /// [`Bounds::bytes`](crate::Bounds::bytes), or half of what the process may
    /// write to a file.
    Full {
        /// The size of the segment in bytes.
        bytes: u64,
    },
    /// There is no segment, and none may be created.
    NoSegment,
    /// Other processes hold the locks of the open segment and of every side
    /// segment.
    Busy,
    /// The disk took only a part of the line. Readers count the part as torn
    /// or, if another line follows it, find a line that is not a record. No
    /// other line is damaged.
    Short {
        /// Bytes that were written.
        taken: usize,
        /// Bytes that should have been written.
        of: usize,
    },
    /// A file or folder could not be used.
    Failed(QueueError),
}

impl AppendError {
    /// Whether the line itself can never be appended: it is empty, too long, or
    /// contains a character that separates lines.
    #[must_use]
    pub fn is_invalid_line(&self) -> bool {
        matches!(self, AppendError::Empty | AppendError::Control | AppendError::TooLong { .. })
    }

    /// Whether the queue has reached its bound. It has room again once it is
    /// shipped.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(self, AppendError::Full { .. })
    }

    /// Whether the disk is full, or the user's quota on it.
    #[must_use]
    pub fn is_storage_full(&self) -> bool {
        match self {
            AppendError::Short { .. } => true,
            AppendError::Failed(error) => error.is_storage_full(),
            _ => false,
        }
    }

    /// Whether other processes hold the locks that are needed. Trying again
    /// later can help.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        match self {
            AppendError::Busy => true,
            AppendError::Failed(error) => error.is_busy(),
            _ => false,
        }
    }

    /// Whether something other than a regular file is in the place of a
    /// segment.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        matches!(self, AppendError::Failed(error) if error.is_damaged())
    }
}

impl fmt::Display for AppendError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AppendError::Empty => out.write_str("cannot append an empty line"),
            AppendError::Control => out.write_str(
                "cannot append a line that contains a newline or ends with U+0018; escape them",
            ),
            AppendError::TooLong { bytes } => {
                write!(out, "the line has {bytes} bytes; the limit is {MAX_LINE_BYTES} bytes")
            }
            AppendError::Full { bytes } => {
                write!(out, "the queue is full: {bytes} bytes are waiting to be shipped")
            }
            AppendError::NoSegment => out.write_str("there is no segment to append to"),
            AppendError::Busy => out.write_str(
                "other processes have locked the queue; end those of them that are stopped",
            ),
            AppendError::Short { taken, of } => {
                write!(out, "only {taken} of {of} bytes could be written; free some disk space")
            }
            AppendError::Failed(error) => error.fmt(out),
        }
    }
}

impl Error for AppendError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
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

/// Why there is no [`Shipper`](crate::Shipper), or why it could not do its
/// work.
#[derive(Debug)]
#[non_exhaustive]
pub enum ShipError {
    /// Another process was shipping this queue until the wait was over.
    Held {
        /// The process id that the other process left in the lock's file, for
        /// people to read.
        process: Option<u32>,
    },
    /// A file or folder could not be used.
    Failed(QueueError),
}

impl ShipError {
    /// Whether another process is shipping the queue or holds a lock that is
    /// needed. Trying again later can help.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        match self {
            ShipError::Held { .. } => true,
            ShipError::Failed(error) => error.is_busy(),
        }
    }

    /// Whether the disk is full, or the user's quota on it.
    #[must_use]
    pub fn is_storage_full(&self) -> bool {
        matches!(self, ShipError::Failed(error) if error.is_storage_full())
    }

    /// Whether something other than a regular file is in the place of a file of
    /// the queue.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        matches!(self, ShipError::Failed(error) if error.is_damaged())
    }
}

impl fmt::Display for ShipError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShipError::Held { process: Some(process) } => {
                write!(out, "process {process} is shipping this queue; wait until it ends")
            }
            ShipError::Held { process: None } => {
                out.write_str("another process is shipping this queue; wait until it ends")
            }
            ShipError::Failed(error) => error.fmt(out),
        }
    }
}

impl Error for ShipError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
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
