//! Why an event was not recorded.

use std::error::Error;
use std::{fmt, io};

use headcount_queue::AppendError;
use headcount_wire::LineError;

use crate::DiskError;

/// Why an event was not recorded. A host may ignore it: it never reaches the
/// person, the output or the exit code.
#[derive(Debug)]
pub struct RecordError {
    cause: Cause,
}

#[derive(Debug)]
pub(crate) enum Cause {
    /// Telemetry is off.
    Off,
    /// The event is new in this release and the person has not agreed to it
    /// yet, or its purpose is refused.
    Withheld,
    /// Its last day is over.
    Expired,
    /// The person was not told before this run, and the product keeps no event
    /// on disk.
    Untold,
    /// There is no id, and none can be created or saved.
    NoIdentity(DiskError),
    /// The system has no randomness for the event's id.
    NoRandomness(io::Error),
    /// The event is not one its catalog accepts.
    Line(LineError),
    /// The queue refused it.
    Queue(AppendError),
}

impl Cause {
    /// Why an id or an agreement was not created.
    pub(crate) fn of_creation(error: DiskError) -> Self {
        if error.is_turned_off() { Self::Off } else { Self::NoIdentity(error) }
    }
}

impl RecordError {
    /// Whether telemetry is off.
    #[must_use]
    pub fn is_off(&self) -> bool {
        matches!(self.cause, Cause::Off)
    }

    /// Whether the event is new in this release and the person has not agreed
    /// to it yet, or its purpose is refused.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        matches!(self.cause, Cause::Withheld)
    }

    /// Whether the catalog has the event only until a day that is over.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        matches!(self.cause, Cause::Expired)
    }

    /// Whether the same event may be recorded later: a file was held or full,
    /// and nobody refused it.
    #[must_use]
    pub fn may_succeed_later(&self) -> bool {
        matches!(self.cause, Cause::NoIdentity(_) | Cause::NoRandomness(_) | Cause::Queue(_))
    }

    /// Whether the disk, a quota or a limit on the size of files is full, or
    /// the queue has reached its own limit.
    #[must_use]
    pub fn is_storage_full(&self) -> bool {
        match &self.cause {
            Cause::NoIdentity(error) => error.is_storage_full(),
            Cause::Queue(AppendError::Failed(error))
                if error.kind() == Some(io::ErrorKind::FileTooLarge) =>
            {
                true
            }
            Cause::Queue(error) => error.is_full() || error.is_storage_full(),
            _ => false,
        }
    }

    /// Whether a file on the person's machine cannot be read, or others may
    /// have written it. A person has to look at the file.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        match &self.cause {
            Cause::NoIdentity(error) => error.is_damaged(),
            Cause::Queue(error) => error.is_damaged(),
            _ => false,
        }
    }

    /// Whether other processes hold the files that it needs. Try again later.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        match &self.cause {
            Cause::NoIdentity(error) => error.is_busy(),
            Cause::Queue(error) => error.is_busy(),
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
            Cause::Withheld => out.write_str(
                "the event is withheld: its purpose is refused, or it is new in this release and the person has not agreed to it yet",
            ),
            Cause::Expired => {
                out.write_str("the last day of this event is over, so it is not recorded any more")
            }
            Cause::Untold => out.write_str(
                "the person was not told before this run, and this product keeps no event on disk",
            ),
            Cause::NoIdentity(error) => {
                write!(out, "the device's id cannot be read or saved: {error}")
            }
            Cause::NoRandomness(error) => {
                write!(out, "the system has no randomness for the event's id: {error}")
            }
            Cause::Line(error) => error.fmt(out),
            Cause::Queue(error) => error.fmt(out),
        }
    }
}

impl Error for RecordError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            Cause::Off | Cause::Withheld | Cause::Expired | Cause::Untold => None,
            Cause::NoIdentity(error) => Some(error),
            Cause::NoRandomness(error) => Some(error),
            Cause::Line(error) => Some(error),
            Cause::Queue(error) => Some(error),
        }
    }
}
