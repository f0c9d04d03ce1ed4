//! Which names, paths and words a catalog may contain.

use crate::limits;

/// What [`is_name`] accepts, for messages.
pub(super) const NAME: &str = "lower-case letters, digits and hyphens, starting with a letter";

/// What [`is_variable`] accepts, for messages.
pub(super) const VARIABLE: &str = "the name of an environment variable in capital letters";

/// What [`is_line`] accepts, for messages.
pub(super) const LINE: &str = "text on one line without control characters";

/// Whether a text can be the name of a product, such as `my-tool`: lower-case
/// letters, digits and hyphens, starting with a letter, at most
/// [`limits::NAME_BYTES`] long.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= limits::NAME_BYTES
        && bytes.next().is_some_and(|byte| byte.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// An environment variable such as `MY_TOOL_TELEMETRY`.
pub(super) fn is_variable(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= limits::NAME_BYTES
        && bytes.next().is_some_and(|byte| byte.is_ascii_uppercase())
        && bytes.all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a text can be the name of an event: `[A-Za-z0-9][A-Za-z0-9._:-]*`,
/// at most [`limits::NAME_BYTES`] long.
#[must_use]
pub fn is_event(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= limits::NAME_BYTES
        && bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte))
}

/// Whether a text can be the key of a property, or one part of the key of an
/// envelope entry: `[A-Za-z_$][A-Za-z0-9_$-]*`, at most
/// [`limits::NAME_BYTES`] long.
#[must_use]
pub fn is_key(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= limits::NAME_BYTES
        && bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || b"_$".contains(&byte))
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_$-".contains(&byte))
}

/// Keys joined by dots: `telemetry.enabled`.
pub(super) fn is_key_path(text: &str) -> bool {
    text.len() <= limits::WORD_BYTES && text.split('.').all(is_key)
}

/// A word of a closed set: printable ASCII without quotation marks or
/// backslashes, and no space at either end.
pub(super) fn is_word(text: &str) -> bool {
    (1..=limits::WORD_BYTES).contains(&text.len())
        && text.trim() == text
        && text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && !b"\"'`\\".contains(&byte))
}

/// Text for people. Control characters are refused because they could control a
/// terminal.
pub(super) fn is_sentence(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= limits::TEXT_CHARACTERS
        && text.chars().all(|character| !character.is_control() || character == '\n')
}

/// Text for people without line breaks.
pub(super) fn is_line(text: &str) -> bool {
    is_sentence(text) && !text.contains('\n')
}

/// A path inside the folder: `telemetry/queue/events.jsonl`.
pub(super) fn is_file(text: &str) -> bool {
    text.len() <= limits::PATH_BYTES && text.split('/').all(is_file_part)
}

fn is_file_part(part: &str) -> bool {
    part.bytes().any(|byte| byte.is_ascii_alphanumeric())
        && !part.ends_with('.')
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// The part of a folder after its base. Spaces occur, as in
/// `Application Support`.
fn is_folder_tail(tail: &str) -> bool {
    let mut parts = tail.split('/').skip(1).peekable();
    tail.starts_with('/')
        && parts.peek().is_some()
        && parts.all(|part| is_file_part(&part.replace(' ', "-")))
}

/// A folder on Linux or macOS: `~/.tool`, `/var/lib/tool` or
/// `${XDG_DATA_HOME:-~/.local/share}/tool`.
pub(super) fn is_unix_folder(text: &str) -> bool {
    let plain = |text: &str| is_folder_tail(text.strip_prefix('~').unwrap_or(text));
    if text.len() > limits::PATH_BYTES {
        return false;
    }
    let Some(rest) = text.strip_prefix("${") else { return plain(text) };
    rest.split_once('}').is_some_and(|(braced, tail)| {
        braced.split_once(":-").is_some_and(|(name, base)| is_variable(name) && plain(base))
            && is_folder_tail(tail)
    })
}

/// A folder on Windows: `%LOCALAPPDATA%/tool`, or one of the forms above that
/// is not absolute.
pub(super) fn is_windows_folder(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('%') else {
        let absolute = text.starts_with('/');
        return is_unix_folder(text) && !absolute;
    };
    text.len() <= limits::PATH_BYTES
        && rest
            .split_once('%')
            .is_some_and(|(name, tail)| is_variable(name) && is_folder_tail(tail))
}

/// The path of a URL: `/api/v1/events`.
pub(super) fn is_url_path(text: &str) -> bool {
    text.starts_with('/')
        && text.len() <= limits::PATH_BYTES
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._~-".contains(&byte))
        && text.split('/').all(|part| part != "..")
}

/// An argument of a command line.
pub(super) fn is_argument(text: &str) -> bool {
    (1..=limits::WORD_BYTES).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Returns a name without case and separators. Names that differ in nothing
/// else would become one name in generated code, so no catalog has two of them.
#[must_use]
pub fn squashed(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_absolute_and_the_products_own() {
        for good in [
            "~/.atomcode",
            "/var/lib/tool",
            "${XDG_DATA_HOME:-~/.local/share}/atomic",
            "~/Library/Application Support/assemblyai",
        ] {
            assert!(is_unix_folder(good), "{good}");
        }
        for bad in [
            "",
            "~",
            "/",
            "~/",
            "tool",
            "~/../x",
            "~x/y",
            "${X}/tool",
            "${XDG:-~/.x}",
            "~/a//b",
            "%X%/y",
        ] {
            assert!(!is_unix_folder(bad), "{bad}");
        }
        assert!(is_windows_folder("%LOCALAPPDATA%/atomic"));
        assert!(is_windows_folder("~/.atomcode"));
        for bad in ["%LOCALAPPDATA%", "%LOCALAPPDATA%/..", "/etc/tool", "C:\\tool"] {
            assert!(!is_windows_folder(bad), "{bad}");
        }
    }

    #[test]
    fn files_stay_below_the_folder() {
        for good in
            ["telemetry.json", ".first-run-completed", "telemetry/queue/events.ndjson", "device_id"]
        {
            assert!(is_file(good), "{good}");
        }
        for bad in ["", "/etc/passwd", "../x", "a/../b", "a//b", "a b", "x.", "a\\b"] {
            assert!(!is_file(bad), "{bad}");
        }
    }
}
