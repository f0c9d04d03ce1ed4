//! The keys that answer the question.

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    #[cfg_attr(not(unix), expect(dead_code, reason = "a console gives whole lines"))]
    Up,
    #[cfg_attr(not(unix), expect(dead_code, reason = "a console gives whole lines"))]
    Down,
    #[cfg_attr(not(unix), expect(dead_code, reason = "a console gives whole lines"))]
    Enter,
    Yes,
    No,
    #[cfg_attr(unix, expect(dead_code, reason = "it is chosen from the list"))]
    Example,
    /// Esc, or the end of input.
    #[cfg_attr(not(unix), expect(dead_code, reason = "a console gives whole lines"))]
    Escape,
    /// Not a key: the screen has to be drawn again.
    #[cfg_attr(not(unix), expect(dead_code, reason = "a console gives whole lines"))]
    Redraw,
    #[cfg_attr(not(unix), expect(dead_code, reason = "a console gives whole lines"))]
    Other,
}
