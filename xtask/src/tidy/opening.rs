//! Every Rust file opens with `//!`, a sentence that says its room: also what
//! must not compile and what a generator is expected to write. It begins with a
//! capital letter or with code, ends with a full stop, and does not say that it
//! is about a room or a file.

use crate::Finding;
use crate::tree::SourceFile;

/// Words that could begin every file and so say nothing.
const FILLERS: [&str; 8] = [
    "The room of ",
    "The room that ",
    "The room where ",
    "The room for ",
    "This room ",
    "This file ",
    "This module ",
    "This crate ",
];

/// The one that can be taken away without another word.
const OF_A_ROOM: &str = FILLERS[0];

pub(super) fn check(file: &SourceFile) -> Option<Finding> {
    if !file.is_rust() {
        return None;
    }
    let paragraph = paragraph(&file.text);
    let finding = |sentence| Some(Finding::new(&file.path, 1, sentence));
    if paragraph.is_empty() {
        return finding("Line one must be `//!` and a sentence that says its room.");
    }
    if FILLERS.iter().any(|filler| paragraph.starts_with(filler)) {
        return finding(
            "Line one begins with words that could begin every file: say what is inside.",
        );
    }
    if !paragraph.starts_with(|c: char| c.is_uppercase() || "`[".contains(c)) {
        return finding("Line one must begin with a capital letter, or with code in backticks.");
    }
    if !has_full_stop(&paragraph) {
        return finding("The first paragraph must be a sentence that ends with a full stop.");
    }
    None
}

/// The text without the words that say nothing; nothing where there are none to
/// take away.
pub(super) fn fixed(text: &str) -> Option<String> {
    let rest = text.strip_prefix("//! ")?.strip_prefix(OF_A_ROOM)?;
    let first = rest.chars().next()?;
    Some(format!("//! {}{}", first.to_uppercase(), &rest[first.len_utf8()..]))
}

/// What is said up to the first line that says nothing.
fn paragraph(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    let lines = lines.map(str::trim).take_while(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

fn has_full_stop(paragraph: &str) -> bool {
    paragraph.ends_with(['.', ')']) && paragraph.trim_end_matches(')').ends_with('.')
        || paragraph.contains(". ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_must_say_its_room_on_line_one() {
        let caught = |path, text| check(&SourceFile::new(path, text)).is_some();
        assert!(!caught("a.rs", "//! What a is.\nfn main() {}\n"));
        assert!(caught("a.rs", ""));
        assert!(caught("a.rs", "//!\n//! Too late.\n"));
        assert!(caught("a.rs", "\n//! Too late.\n"));
        assert!(caught("tests/fail/a_free_string.rs", "fn main() {}\n"));
        assert!(!caught("a.toml", "[package]\n"));
    }

    #[test]
    fn it_must_be_a_sentence() {
        for (text, is_one) in [
            ("A claim: a segment at rest.", true),
            ("A claim is a segment\n//! at rest. And more", true),
            ("`headcount check`: is this a catalog.", true),
            ("[`Claim`] and what it has.", true),
            ("Ends with a bracket (which is fine.)", true),
            ("`headcount check`: is this a catalog?", false),
            ("# headcount-queue", false),
            ("A claim", false),
            ("A claim\n//!\n//! With more.", false),
            ("claims.", false),
            ("The room of claims.", false),
            ("This module has claims.", false),
            ("This file has claims.", false),
            ("The roominess of claims.", true),
        ] {
            let file = SourceFile::new("a.rs", &format!("//! {text}\n"));
            assert_eq!(check(&file).is_none(), is_one, "{text}");
        }
    }

    #[test]
    fn words_that_say_nothing_are_taken_away() {
        let mended = |text| fixed(text);
        assert_eq!(mended("//! The room of a claim: x.\n").as_deref(), Some("//! A claim: x.\n"));
        assert_eq!(mended("//! The room of `on`: x.\n").as_deref(), Some("//! `on`: x.\n"));
        assert_eq!(mended("//! A claim.\n"), None);
        assert_eq!(mended("//! The room that selects.\n"), None);
    }
}
