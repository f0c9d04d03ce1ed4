//! The patterns of text: what a version, a locale, a token, a source location
//! or scrubbed text looks like.

use crate::limits;

/// A version such as `1.2.3-beta.1`.
pub(crate) fn is_version(text: &str) -> bool {
    let whole = (1..=limits::VERSION_BYTES).contains(&text.len());
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_');
    let plain = text.bytes().all(is_plain);
    whole
        && plain
        && (text == "unknown" || text == "dev" || text.bytes().any(|b| b.is_ascii_digit()))
}

/// A BCP 47 tag or a POSIX locale without encoding: `en-US`, `de_DE`, `C`.
pub(crate) fn is_locale(text: &str) -> bool {
    let parts = || text.split(['-', '_']);
    let first = parts().next().unwrap_or("");
    text.len() <= limits::LOCALE_BYTES
        && (text == "C" || (2..=8).contains(&first.len()))
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts().all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// A reference: letters, digits, `.`, `_` and `-`, so neither an address nor a
/// path.
pub(crate) fn is_reference(text: &str) -> bool {
    (1..=limits::REFERENCE_BYTES).contains(&text.len())
        // Without an early end: a collector reads one or more with every event.
        && text.bytes().fold(true, |all, byte| all & IS_OF_REFERENCE[usize::from(byte)])
}

/// Whether a byte may be in a reference.
static IS_OF_REFERENCE: [bool; 256] = {
    let mut allowed = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let character = byte as u8;
        allowed[byte] =
            character.is_ascii_alphanumeric() || matches!(character, b'.' | b'_' | b'-');
        byte += 1;
    }
    allowed
};

/// Whether `character` is in an alphabet written as in a bracket expression.
fn in_alphabet(alphabet: &str, character: char) -> bool {
    let mut rest = alphabet.chars().peekable();
    while let Some(low) = rest.next() {
        let mut ahead = rest.clone();
        if ahead.next() == Some('-')
            && let Some(high) = ahead.next()
        {
            if (low..=high).contains(&character) {
                return true;
            }
            rest = ahead;
        } else if low == character {
            return true;
        }
    }
    false
}

/// A token: 1 to `most` characters of the alphabet.
pub(crate) fn is_token(text: &str, alphabet: &str, most: u16) -> bool {
    let length = text.chars().count();
    (1..=usize::from(most)).contains(&length)
        && text.chars().all(|character| in_alphabet(alphabet, character))
}

/// A source location such as `src/queue/segment.rs:41:9`: a relative path with
/// `/`, a line and optionally a column.
pub(crate) fn is_location(text: &str) -> bool {
    let mut parts = text.split(':');
    let path = parts.next().unwrap_or("");
    let numbers: Vec<&str> = parts.collect();
    text.len() <= limits::LOCATION_BYTES
        && !path.is_empty()
        && path.split('/').all(|part| {
            !part.is_empty()
                && part != ".."
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        })
        && (1..=2).contains(&numbers.len())
        && numbers.iter().all(|number| {
            (1..=7).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// The name of a function such as `headcount::queue::append`.
pub(crate) fn is_frame(text: &str) -> bool {
    (1..=limits::FRAME_BYTES).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_:<>{}#".contains(&byte))
}

/// Scrubbed text: letters, spaces and punctuation, but nothing that looks like
/// a path, a name with a dot, an address, a quotation or a number.
pub(crate) fn is_scrubbed(text: &str, most: u16) -> bool {
    let letters = text.as_bytes();
    let dotted = letters.windows(3).any(|window| {
        window[1] == b'.' && !window[0].is_ascii_whitespace() && !window[2].is_ascii_whitespace()
    });
    let plain =
        letters.iter().all(|byte| byte.is_ascii_alphabetic() || b" .,:;()<>_-!?".contains(byte));
    text.len() <= usize::from(most) && plain && !dotted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_accept_what_they_are_for_and_nothing_else() {
        for good in ["1.2.3", "0.1.0-beta.2+abc", "unknown", "20.x"] {
            assert!(is_version(good), "{good}");
        }
        for bad in ["", "v 1", "1.2/3", "../1"] {
            assert!(!is_version(bad), "{bad}");
        }
        for good in ["en-US", "de_DE", "C", "zh-Hant-TW"] {
            assert!(is_locale(good), "{good}");
        }
        for bad in ["", "e", "en US", "en_US.UTF-8", "/etc"] {
            assert!(!is_locale(bad), "{bad}");
        }
        assert!(is_token("claude-sonnet-4.5", "a-z0-9.-", 64));
        for bad in ["", "Claude", "a b", "model/../x"] {
            assert!(!is_token(bad, "a-z0-9.-", 64), "{bad}");
        }
        assert!(!is_token(&"a".repeat(65), "a-z", 64));
        for good in ["src/main.rs:12", "crates/x-y/src/a_b.rs:1:20"] {
            assert!(is_location(good), "{good}");
        }
        for bad in
            ["/home/me/src/main.rs:1", "../main.rs:1", "src/main.rs", "C:\\x.rs:1", "a b.rs:1"]
        {
            assert!(!is_location(bad), "{bad}");
        }
        assert!(is_scrubbed("connection refused by <host>.", 60));
        for bad in
            ["see /home/me", "vpn.acme.example refused", "user@host", "code 42", "said \"x\""]
        {
            assert!(!is_scrubbed(bad, 60), "{bad}");
        }
    }
}
