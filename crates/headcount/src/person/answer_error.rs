//! Why a person's no was not saved, or not carried out completely.

use std::error::Error;
use std::fmt;

use crate::DiskError;

/// Why a person's no was not saved, or not carried out completely. It displays
/// as a sentence for the person: what, which file, and what to do.
#[derive(Debug)]
pub struct AnswerError {
    step: Step,
    error: Box<DiskError>,
    /// How to refuse all the same: `set TOOL_TELEMETRY=0`.
    variable: Option<String>,
}

/// How far it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The answer is not kept.
    NotKept,
    /// The answer is kept, and what was waiting to be sent is still there. It
    /// is not sent.
    NotDropped,
    /// The same, where the answer is about one purpose.
    NotDroppedForPurpose,
    /// Something else was in the way.
    Other,
}

impl AnswerError {
    /// `variable` is what keeps telemetry off all the same: `set
    /// TOOL_TELEMETRY=0`.
    pub(super) fn not_kept(error: DiskError, variable: Option<String>) -> Self {
        Self { step: Step::NotKept, error: error.into(), variable }
    }

    pub(super) fn not_dropped(error: DiskError) -> Self {
        Self { step: Step::NotDropped, error: error.into(), variable: None }
    }

    pub(super) fn not_dropped_for_purpose(error: DiskError) -> Self {
        Self { step: Step::NotDroppedForPurpose, error: error.into(), variable: None }
    }

    /// Whether the answer itself is kept, so that telemetry is off all the
    /// same, or what was refused of it.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        matches!(self.step, Step::NotDropped | Step::NotDroppedForPurpose)
    }

    /// What was in the way.
    #[must_use]
    pub fn disk(&self) -> &DiskError {
        &self.error
    }
}

impl From<DiskError> for AnswerError {
    fn from(error: DiskError) -> Self {
        Self { step: Step::Other, error: error.into(), variable: None }
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = &self.error;
        match self.step {
            Step::NotKept => {
                write!(out, "Your answer could not be saved: {error}")?;
                match &self.variable {
                    Some(variable) => {
                        write!(out, "; to keep telemetry off until then, {variable}")
                    }
                    None => Ok(()),
                }
            }
            Step::NotDropped => {
                write!(
                    out,
                    "Telemetry is off, but the waiting events could not be deleted: {error}"
                )
            }
            Step::NotDroppedForPurpose => {
                write!(
                    out,
                    "Your answer is saved, but the events that were waiting could not be deleted: {error}; they are not sent"
                )
            }
            Step::Other => error.fmt(out),
        }
    }
}

impl Error for AnswerError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.error.as_ref())
    }
}
