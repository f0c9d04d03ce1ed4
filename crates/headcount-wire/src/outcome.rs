//! What a collector did with an arrival. Every arrival has exactly one outcome.

use headcount_catalog::Reason;

/// The outcome of an arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The event is on disk.
    Stored,
    /// The event was already stored.
    Duplicate,
    /// The event will never be accepted.
    Rejected(Reason),
    /// The event was not accepted this time. The same bytes may be sent again.
    Refused,
}

impl Outcome {
    /// Returns the name in answers and in the label of the counter.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Duplicate => "duplicate",
            Self::Rejected(_) => "rejected",
            Self::Refused => "refused",
        }
    }

    /// Returns the reason of a rejected arrival.
    #[must_use]
    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::Rejected(reason) => Some(reason),
            _ => None,
        }
    }
}

/// What an answer says about a batch that the destination has settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The number of events that the destination will never accept.
    pub rejected: u64,
    /// The places in the batch of the events to send again.
    pub again: Vec<usize>,
}
