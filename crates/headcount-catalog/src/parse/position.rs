//! The line and the column of a place in a text.

/// Some editors write it at the start of a file and do not show it.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Returns line and column of a byte offset, both from 1. The column counts
/// characters. An offset behind the end is at the end.
#[must_use]
pub fn position(text: &str, at: usize) -> (usize, usize) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column =
        before[start..].chars().filter(|character| *character != BYTE_ORDER_MARK).count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_characters() {
        let text = "é = 1\nnaïve = x\n";
        assert_eq!(position(text, 0), (1, 1));
        assert_eq!(position(text, 2), (1, 2));
        let x = text.find('x').expect("there is an x");
        assert_eq!(position(text, x), (2, 9));
        assert_eq!(position("\u{feff}x = 1", 3), (1, 1));
        assert_eq!(position(text, 1), (1, 1), "inside a character is at its start");
        assert_eq!(position(text, text.len() + 9), (3, 1));
    }
}
