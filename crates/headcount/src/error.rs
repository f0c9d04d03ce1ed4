//! Why an event was not recorded.

use std::error::Error;
use std::{fmt, io};

use headcount_queue::AppendError;
use headcount_wire::LineError;

use crate::DiskError;

/// Why an event was not recorded. A host need not look: nothing of it reaches the person, the output
/// or the exit code.
#[derive(Debug)]
pub struct RecordError {
    cause: Cause,
}

#[derive(Debug)]
pub(crate) enum Cause {
    /// The answer is off.
    Off,
    /// It is new in this release, and the person has not agreed to it yet.
    Withheld,
    /// There is no id, and it cannot be made or kept.
    NoIdentity(DiskError),
    /// The system has no randomness for the event's id.
    NoRandomness(io::Error),
    /// The event is not one its catalog accepts.
    Line(LineError),
    /// The queue did not take it.
    Queue(AppendError),
}

impl RecordError {
    /// Whether the answer is off.
    #[must_use]
    pub fn is_off(&self) -> bool {
        matches!(self.cause, Cause::Off)
    }

    /// Whether the event is new in this release, and the person has not agreed to it yet.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        matches!(self.cause, Cause::Withheld)
    }

    /// Whether the disk, a quota or a limit on the size of files is full, or the queue has reached
    /// its own bound.
    #[must_use]
    pub fn is_storage_full(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};

        match &self.cause {
            Cause::NoIdentity(error) => error.is_storage_full(),
            Cause::Queue(AppendError::Full { .. } | AppendError::Short { .. }) => true,
            Cause::Queue(AppendError::Failed(error)) => {
                matches!(error.kind(), Some(StorageFull | QuotaExceeded | FileTooLarge))
            }
            _ => false,
        }
    }

    /// Whether a file of the person's cannot be read, or others may have written it: somebody has
    /// to look at it.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        matches!(&self.cause, Cause::NoIdentity(error) if error.is_damaged())
    }

    /// Whether other processes hold the files that it needs: try again later.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        match &self.cause {
            Cause::NoIdentity(error) => error.is_busy(),
            Cause::Queue(error) => matches!(error, AppendError::Busy),
            _ => false,
        }
    }
}

impl From<Cause> for RecordError {
    fn from(cause: Cause) -> Self {
        Self { cause }
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Off => out.write_str("telemetry is off, so nothing is recorded"),
            Cause::Withheld => {
                out.write_str("this release reports more than was agreed to, so it is withheld")
            }
            Cause::NoIdentity(error) => {
                write!(out, "the device's id can neither be read nor kept: {error}")
            }
            Cause::NoRandomness(error) => {
                write!(out, "the system gives no randomness for the event's id: {error}")
            }
            Cause::Line(error) => error.fmt(out),
            Cause::Queue(error) => error.fmt(out),
        }
    }
}

impl Error for RecordError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            Cause::Off | Cause::Withheld => None,
            Cause::NoIdentity(error) => Some(error),
            Cause::NoRandomness(error) => Some(error),
            Cause::Line(error) => Some(error),
            Cause::Queue(error) => Some(error),
        }
    }
}
