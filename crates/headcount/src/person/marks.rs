//! Marks in text for people, which say how it is wrapped. They are control
//! characters, so text from outside, once it is made visible, has none.

/// A space at which a line is never broken, as in a command.
pub(super) const JOINED: char = '\u{1}';

/// What follows is continued under this place.
pub(super) const HANG: char = '\u{2}';

/// At the beginning of a line: it is printed as it is.
pub(super) const AS_IT_IS: char = '\u{3}';
