//! Text within a block: a small part of Markdown, in which no text of a catalog
//! means anything but itself.
//!
//! `code`, `**strong**`, `[text](#place)`, `<address>`, and a backslash before
//! a character that would mean something else.

/// Text of code.
pub(super) fn code(text: &str) -> String {
    // Words and names have no backticks; a path might.
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// Several of them: "`a`, `b`".
pub(super) fn codes<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

/// An author's sentence. What is between backticks in it stays code.
pub(super) fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let has_code = parts.len() % 2 == 1;
    let part = |(place, part): (usize, &&str)| {
        if has_code && place % 2 == 1 { (*part).to_owned() } else { escaped(part) }
    };
    let parts: Vec<String> = parts.iter().enumerate().map(part).collect();
    parts.join(if has_code { "`" } else { "\\`" })
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '<' | '*' | '_' | '[' | '#' => out.extend(['\\', character]),
            '\n' => out.push(' '),
            _ => out.push(character),
        }
    }
    out
}

/// An address as a link.
pub(super) fn link(address: &str) -> String {
    format!("<{address}>")
}

/// The text with a capital at its beginning.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `"a, b and c"`.
pub(super) fn all_of(parts: &[String]) -> String {
    joined(parts, "and")
}

/// `"a, b or c"`.
pub(super) fn one_of(parts: &[String]) -> String {
    joined(parts, "or")
}

fn joined(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {word} {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_catalog_means_only_itself() {
        for (text, written) in [
            ("Local paths (scrubbed to <HOME>)", "Local paths (scrubbed to \\<HOME>)"),
            ("a_b *c* [d](e)", "a\\_b \\*c\\* \\[d](e)"),
            ("as `a_b` says", "as `a_b` says"),
            ("one ` alone_", "one \\` alone\\_"),
        ] {
            assert_eq!(prose(text), written, "{text}");
        }
    }

    #[test]
    fn lists_are_sentences() {
        let parts = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(all_of(&parts), "a, b and c");
        assert_eq!(one_of(&parts[..2]), "a or b");
        assert_eq!(all_of(&parts[..1]), "a");
        assert_eq!(one_of(&[]), "");
    }
}
