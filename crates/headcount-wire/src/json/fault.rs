//! Why a text is refused.

/// What is wrong with a text, and at which byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not JSON at this byte.
    Syntax(usize),
    /// It has more than [`crate::limits::DEPTH`] levels at this byte.
    TooDeep(usize),
    /// It has more than [`crate::limits::VALUES`] values.
    TooMany,
    /// It has more than [`crate::limits::REQUEST_EVENTS`] events.
    TooManyEvents,
    /// An object has its list of events twice. Only one could be read, and the
    /// other would be lost.
    Repeated(&'static str),
    /// The texts with escapes need more than [`crate::limits::HELD_BYTES`].
    TooMuchText,
}
