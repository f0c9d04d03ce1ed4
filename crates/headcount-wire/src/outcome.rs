//! What became of an arrival. Every arrival ends in exactly one outcome.

use headcount_catalog::Reason;

/// The one outcome of one arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It is on disk.
    Stored,
    /// It was already there.
    Duplicate,
    /// It can never be taken.
    Rejected(Reason),
    /// It was not taken this time; the same bytes may be sent again.
    Refused,
}

impl Outcome {
    /// As answers and the counter's label say it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Duplicate => "duplicate",
            Self::Rejected(_) => "rejected",
            Self::Refused => "refused",
        }
    }

    /// Why, for a rejected arrival.
    #[must_use]
    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::Rejected(reason) => Some(reason),
            _ => None,
        }
    }
}

/// What a dialect's own answer says of a batch: everything in it is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// How many events the other side will never take.
    pub rejected: u64,
    /// Places in the batch of events to send again, and only they.
    pub again: Vec<usize>,
}
