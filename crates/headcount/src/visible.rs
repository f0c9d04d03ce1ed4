//! Makes text from outside fit to be shown: a path, the value of a variable, an
//! answer of a server. What is shown cannot command the terminal, begin a line
//! of its own, or give a password away.

use std::fmt::Write as _;

/// Makes text from outside visible: control characters, and characters that
/// turn the direction of writing or have no width, as escapes of Rust.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            // Writing into a `String` cannot fail.
            _ if letter.is_ascii_control() => _ = write!(shown, "\\x{:02x}", u32::from(letter)),
            _ if is_hidden(letter) => _ = write!(shown, "\\u{{{:x}}}", u32::from(letter)),
            _ => shown.push(letter),
        }
    }
    shown
}

/// Makes the value of a variable or a setting visible, without the credentials
/// and the query of an address in it.
pub(crate) fn value(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for part in text.split_inclusive(char::is_whitespace) {
        shown.push_str(&visible(&masked(part)));
    }
    shown
}

/// `http://user:secret@host/path?key=value` as `http://...@host/path?...`.
fn masked(word: &str) -> String {
    let start = word.find("://").map(|scheme| scheme + 3);
    let Some((before, rest)) = word.rsplit_once('@') else {
        return match (start, word.split_once('?')) {
            (Some(_), Some((address, _))) => format!("{address}?..."),
            _ => word.to_owned(),
        };
    };
    match start.filter(|start| *start <= before.len()) {
        Some(start) => {
            let (address, query) = rest.split_once('?').map_or((rest, ""), |(a, _)| (a, "?..."));
            format!("{}...@{address}{query}", &word[..start])
        }
        None if before.contains(':') => format!("...@{rest}"),
        None => word.to_owned(),
    }
}

/// Control characters beyond ASCII, and marks that change how other characters
/// are shown.
pub(crate) fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(
            u32::from(letter),
            0x061C | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_outside_cannot_move_the_cursor() {
        for (text, shown) in [
            ("\u{1b}[2J", "\\x1b[2J"),
            ("a\nTelemetry: off\r\t", "a\\nTelemetry: off\\r\\t"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("\u{202e}txt", "\\u{202e}txt"),
            ("\u{1}\u{2}\u{3}\u{7f}", "\\x01\\x02\\x03\\x7f"),
            ("~/Größe/目录", "~/Größe/目录"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn credentials_are_not_shown() {
        for (text, shown) in [
            ("http://user:secret@127.0.0.1:1/x", "http://...@127.0.0.1:1/x"),
            ("http://user:se/cr@et@127.0.0.1:1", "http://...@127.0.0.1:1"),
            ("user:secret@127.0.0.1", "...@127.0.0.1"),
            ("https://a.example/x?token=abc", "https://a.example/x?..."),
            ("http://u@h?x=@y", "http://...@y"),
            ("off http://u:p@h", "off http://...@h"),
            ("me@example.org", "me@example.org"),
            ("maybe", "maybe"),
        ] {
            assert_eq!(value(text), shown);
        }
    }
}
