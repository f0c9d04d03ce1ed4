//! Patterns of text, as `headcount_catalog` checks it. They are written so that
//! ECMAScript, Python, Go and Rust read them alike: `[0-9]` for digits, no
//! look-around, and a code for each character that a class could misread.

use headcount_catalog::{Grain, limits};
use serde_json::{Value, json};

/// The id of an event: a UUID in lower case.
pub(super) fn id() -> Value {
    let pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";
    json!({ "type": "string", "format": "uuid", "pattern": pattern })
}

/// A time, cut to its grain. The last days of months are the format's to check,
/// where a validator does.
pub(super) fn time(grain: Grain) -> Value {
    const HOUR: &str = "(?:[01][0-9]|2[0-3])";
    const SIXTIETH: &str = "[0-5][0-9]";
    let clock = match grain {
        Grain::Day => "00:00:00".to_owned(),
        Grain::Hour => format!("{HOUR}:00:00"),
        Grain::Minute => format!("{HOUR}:{SIXTIETH}:00"),
        Grain::Second => format!("{HOUR}:{SIXTIETH}:{SIXTIETH}"),
        Grain::Millisecond => format!("{HOUR}:{SIXTIETH}:{SIXTIETH}\\.[0-9]{{3}}"),
    };
    let date = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
    json!({ "type": "string", "format": "date-time", "pattern": format!("^{date}T{clock}Z$") })
}

/// A version, which has a digit or is one of two words.
pub(super) fn version() -> Value {
    let pattern = "^(?:unknown|dev|[A-Za-z.+_\\-]*[0-9][A-Za-z0-9.+_\\-]*)$";
    json!({ "type": "string", "pattern": pattern, "maxLength": limits::VERSION_BYTES })
}

/// A language and region.
pub(super) fn locale() -> Value {
    let pattern = "^(?:C|[A-Za-z]{2,8}(?:[\\-_][A-Za-z0-9]{1,8})*)$";
    json!({ "type": "string", "pattern": pattern, "maxLength": limits::LOCALE_BYTES })
}

/// A reference to a device, session, turn or account.
pub(super) fn reference() -> Value {
    let most = limits::REFERENCE_BYTES;
    json!({ "type": "string", "pattern": format!("^[A-Za-z0-9._\\-]{{1,{most}}}$") })
}

/// A token of an alphabet.
pub(super) fn token(alphabet: &str, most: u16) -> Value {
    json!({ "type": "string", "pattern": format!("^[{}]{{1,{most}}}$", class(alphabet)) })
}

/// Where something is in the product's own source code: relative, and without
/// a `..` in it.
pub(super) fn location() -> Value {
    let part = "(?:\\.|\\.{3,}|\\.*[A-Za-z0-9_\\-][A-Za-z0-9._\\-]*)";
    let pattern = format!("^{part}(?:/{part})*:[0-9]{{1,7}}(?::[0-9]{{1,7}})?$");
    json!({ "type": "string", "pattern": pattern, "maxLength": limits::LOCATION_BYTES })
}

/// The name of a function.
pub(super) fn frame() -> Value {
    let most = limits::FRAME_BYTES;
    json!({ "type": "string", "pattern": format!("^[A-Za-z0-9_:<>\\{{\\}}#]{{1,{most}}}$") })
}

/// Text from which everything personal was removed.
pub(super) fn scrubbed(most: u16) -> Value {
    json!({
        "type": "string",
        "pattern": "^[A-Za-z .,:;()<>_!?\\-]*$",
        "not": { "pattern": "[^ ]\\.[^ ]" },
        "maxLength": most,
    })
}

/// The characters of an alphabet in a class. Ranges stay ranges.
fn class(alphabet: &str) -> String {
    let mut class = String::new();
    let mut rest = alphabet.chars().peekable();
    while let Some(low) = rest.next() {
        class.push_str(&character(low));
        let mut ahead = rest.clone();
        if ahead.next() == Some('-')
            && let Some(high) = ahead.next()
        {
            class.push_str(&format!("-{}", character(high)));
            rest = ahead;
        }
    }
    class
}

fn character(character: char) -> String {
    match character {
        plain if plain.is_ascii_alphanumeric() || "._/:".contains(plain) => plain.to_string(),
        other => format!("\\x{:02x}", u32::from(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::class;

    #[test]
    fn no_character_of_an_alphabet_means_more_in_a_class() {
        assert_eq!(class("a-z0-9.:_-"), "a-z0-9.:_\\x2d");
        assert_eq!(class("]^[&&~"), "\\x5d\\x5e\\x5b\\x26\\x26\\x7e");
        assert_eq!(class("+-"), "\\x2b\\x2d");
    }
}
