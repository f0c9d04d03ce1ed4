//! Text from outside, made safe to print: a server's sentence, or the value of
//! a variable.

/// The text with its control characters written out, so that none of them
/// reaches a terminal.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() || is_invisible(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Marks that change the order of the letters, or have no width.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_character_is_left() {
        assert_eq!(shown("no such key: \u{1b}[31mx\u{7}\n"), "no such key: \\u{1b}[31mx\\u{7}\\n");
        assert_eq!(shown("\u{202e}txt.exe \u{9b}1m"), "\\u{202e}txt.exe \\u{9b}1m");
        assert_eq!(shown("gültig: \"ja\""), "gültig: \"ja\"");
    }
}
