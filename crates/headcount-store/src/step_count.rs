//! The question which devices or sessions did one thing after the other.

use crate::ValueFilter;

/// Steps in their order, and who is followed through them.
///
/// A chain begins with an event of the first step. Each further step is an
/// event after that of the step before, and no later after the first one than
/// the window. Events are in the order of their times. Those of one second are
/// in the order of the steps: first those that can be the first step, of those
/// the ones that can be the second step too, and so on. An event is one step of
/// a chain.
///
/// Whoever has a chain up to a step counts for it, once: by the smallest weight
/// of the events that can be one of the steps. An event without a time, or
/// without what is followed, is in no chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepCount {
    /// The steps, at most [`limits::STEPS`](crate::limits::STEPS); further ones
    /// are not counted.
    pub steps: Vec<Step>,
    /// The names of the columns that have the time of an event.
    pub times: Vec<String>,
    /// Who is followed.
    pub followed: StepFollower,
    /// The window: from the first step to any other, in seconds.
    pub within_seconds: u32,
}

/// A step: an event and, if it names one, a value that it must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The event's name.
    pub event: String,
    /// The column, and its values, of which one is enough.
    pub value: Option<ValueFilter>,
}

/// Who is followed from one event to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepFollower {
    /// Devices, by their ids, but not those whose home is thrown away.
    Devices,
    /// Sessions, by pseudonyms in the columns of these names.
    Sessions(Vec<String>),
}
