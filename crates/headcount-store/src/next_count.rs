//! The question what devices or sessions did next.

use crate::{Step, StepFollower};

/// What comes right after some steps, and who is followed.
///
/// The events of one device or session are looked at in the order of their
/// times; those of one second in the order of `events`, and of one name in that
/// of their values. They are parted into *visits*: where nothing comes for
/// longer than the pause, a visit is over, and the next event begins another
/// one.
///
/// A row is for each event and value that came right after the steps, which
/// were done one right after the other, in one visit. The row without an event
/// is for visits that ended with the last step. Without steps, rows are for
/// what visits begin with.
///
/// What one does first may belong to an earlier visit, if it is within the
/// pause after the first day begins; and what one does last may not be the end
/// of its visit, if it is within the pause before the last day ends, or before
/// the last event of all, as nothing is known after that: they count neither as
/// a beginning nor as an end.
///
/// An event without a time, or without what is followed, is left out, as if it
/// had not been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextCount {
    /// What was done right before, in this order: at most
    /// [`limits::STEPS`](crate::limits::STEPS), of the events that are looked
    /// at.
    pub after: Vec<Step>,
    /// The events that are looked at.
    pub events: Vec<FollowedEvent>,
    /// The names of the columns that have the time of an event.
    pub times: Vec<String>,
    /// Who is followed.
    pub followed: StepFollower,
    /// The longest time between two events of a visit, in seconds.
    pub pause_seconds: u32,
}

/// An event that is looked at, and what its rows tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowedEvent {
    /// The event's name. No two have the same.
    pub event: String,
    /// The column whose value is told beside the name: of several values the
    /// first by alphabet, and an empty text if there is none.
    pub value: Option<String>,
}
