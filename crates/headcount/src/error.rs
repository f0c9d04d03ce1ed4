//! Why an event was not recorded.

use std::fmt;

use headcount_queue::AppendError;
use headcount_wire::LineError;

/// Why an event was not recorded. A host need not look: nothing of it reaches
/// the person, the output or the exit code.
#[derive(Debug)]
pub enum RecordError {
    /// The answer is off.
    Off,
    /// It is new in this release, and the person has not agreed to it yet.
    Withheld,
    /// There is no id, and it cannot be made or kept.
    NoIdentity(std::io::Error),
    /// The event is not one its catalog accepts.
    Line(LineError),
    /// The queue did not take it.
    Queue(AppendError),
}

impl fmt::Display for RecordError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => out.write_str("telemetry is off, so nothing is recorded"),
            Self::Withheld => {
                out.write_str("this release reports more than was agreed to, so it is withheld")
            }
            Self::NoIdentity(error) => {
                write!(out, "the device's id can neither be read nor kept: {error}")
            }
            Self::Line(error) => error.fmt(out),
            Self::Queue(error) => error.fmt(out),
        }
    }
}

impl std::error::Error for RecordError {}
