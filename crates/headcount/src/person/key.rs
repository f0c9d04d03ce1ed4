//! The keys that answer the question.

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Up,
    Down,
    Enter,
    Yes,
    No,
    #[cfg_attr(unix, expect(dead_code, reason = "it is chosen from the list"))]
    Example,
    /// `c`: choose among the purposes.
    Choose,
    /// Esc, or the end of input.
    Escape,
    /// Not a key: the screen has to be drawn again.
    #[cfg_attr(not(unix), expect(dead_code, reason = "nothing stops a process there"))]
    Redraw,
    Other,
}

impl Key {
    /// The key of a letter.
    pub(super) fn of_letter(letter: u8) -> Self {
        match letter {
            b'y' | b'Y' => Self::Yes,
            b'n' | b'N' => Self::No,
            b'c' | b'C' => Self::Choose,
            b'k' | b'h' => Self::Up,
            b'j' | b'l' => Self::Down,
            _ => Self::Other,
        }
    }
}

/// What the person types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typing {
    /// Single keys, and the list is drawn again at each.
    Keys,
    /// A line. What was shown stays.
    #[cfg_attr(unix, expect(dead_code, reason = "every terminal gives single keys"))]
    Lines,
}
