//! What a YAML scalar means, and how one is written.

use super::tree::{Kind, Node, Quotes};
use crate::{Found, Scalar, splice};

/// The meaning of a node, if every reader of YAML agrees on it.
pub(super) fn meaning(node: &Node) -> Found {
    match &node.kind {
        Kind::Scalar(word, Quotes::Plain) => plain(word),
        Kind::Scalar(word, _) => Found::Scalar(Scalar::Text(word.clone())),
        Kind::List(_) | Kind::Mapping(..) | Kind::Alias(_) => Found::Other,
    }
}

/// The meaning of a word without quotes.
fn plain(word: &str) -> Found {
    match word {
        "true" | "True" | "TRUE" => return Found::Scalar(Scalar::Flag(true)),
        "false" | "False" | "FALSE" => return Found::Scalar(Scalar::Flag(false)),
        "" | "~" | "<<" | "=" => return Found::Other,
        _ => {}
    }
    // Null, and the flags of YAML 1.1, which YAML 1.2 takes for text.
    let others = ["null", "y", "n", "yes", "no", "on", "off"];
    if others.iter().any(|other| word.eq_ignore_ascii_case(other)) || is_number(word) {
        return Found::Other;
    }
    Found::Scalar(Scalar::Text(word.to_owned()))
}

/// Whether YAML 1.1 or 1.2 takes the word for a number; in doubt it does.
fn is_number(word: &str) -> bool {
    let digits = word.trim_start_matches(['+', '-']);
    if [".inf", ".nan"].iter().any(|name| digits.eq_ignore_ascii_case(name)) {
        return true;
    }
    let starts = digits.trim_start_matches('.').starts_with(|first: char| first.is_ascii_digit());
    let of = |letters: &str| digits.chars().all(|letter| letters.contains(letter));
    let is_based = ["0x", "0o", "0b"].iter().any(|base| {
        digits.strip_prefix(base).is_some_and(|rest| {
            rest.chars().all(|letter| letter.is_ascii_hexdigit() || letter == '_')
        })
    });
    // In YAML 1.1 `1:30` is a number in base 60.
    starts && (of("0123456789_.:") || digits.replace('_', "").parse::<f64>().is_ok() || is_based)
}

/// A value as YAML, quoted like the scalar it replaces if possible.
pub(super) fn written(value: &Scalar, old: Option<(&str, Quotes)>) -> String {
    match (value, old) {
        (Scalar::Flag(flag), Some((word, Quotes::Plain))) => cased(*flag, word).to_owned(),
        (Scalar::Flag(flag), _) => flag.to_string(),
        (Scalar::Text(text), Some((_, Quotes::Plain))) if is_plain(text) => text.clone(),
        (Scalar::Text(text), Some((_, Quotes::Single))) if !text.contains(is_special) => {
            format!("'{}'", text.replace('\'', "''"))
        }
        (Scalar::Text(text), _) => splice::double_quoted(text, is_special),
    }
}

/// A key of a mapping; `like` is how another key of it is quoted.
pub(super) fn key(name: &str, like: Quotes) -> String {
    if like == Quotes::Double || !is_plain(name) {
        splice::double_quoted(name, is_special)
    } else {
        name.to_owned()
    }
}

/// A flag in the case of the flag before it.
fn cased(flag: bool, before: &str) -> &'static str {
    match (before, flag) {
        ("True" | "False", true) => "True",
        ("True" | "False", false) => "False",
        ("TRUE" | "FALSE", true) => "TRUE",
        ("TRUE" | "FALSE", false) => "FALSE",
        (_, true) => "true",
        (_, false) => "false",
    }
}

/// Whether text needs no quotes, for every reader and between braces too.
fn is_plain(text: &str) -> bool {
    let ends = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    let is_safe = |letter: char| letter.is_ascii_alphanumeric() || "-_./+:".contains(letter);
    ends(text.chars().next())
        && ends(text.chars().next_back())
        && text.chars().all(is_safe)
        && plain(text) == Found::Scalar(Scalar::Text(text.to_owned()))
}

/// Letters that are not printable in YAML or break lines in one of its
/// versions; all are in the first plane.
fn is_special(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}
