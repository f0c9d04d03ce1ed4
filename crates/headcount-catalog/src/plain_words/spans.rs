//! Reads the words of a block, for whoever does not show them as Markdown.

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Words.
    Text(String),
    /// Something that is typed, or is on a line.
    Code(String),
    /// Words that matter most.
    Strong(Vec<Span>),
    /// Words that lead to a heading of the same text: the words, and the
    /// heading's [`place`].
    Place(String, String),
    /// A URL, or a mail address.
    Address(String),
}

/// Reads the words of a block. What is not of the form is text.
#[must_use]
pub fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some((span, after)) = special(rest) {
            if !plain.is_empty() {
                spans.push(Span::Text(std::mem::take(&mut plain)));
            }
            spans.push(span);
            rest = after;
            continue;
        }
        let escaped = rest.strip_prefix('\\').and_then(|after| after.chars().next());
        match escaped.filter(char::is_ascii_punctuation) {
            Some(escaped) => {
                plain.push(escaped);
                rest = &rest[1 + escaped.len_utf8()..];
            }
            None => {
                plain.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    if !plain.is_empty() {
        spans.push(Span::Text(plain));
    }
    spans
}

/// What begins here and is not plain text, and what is after it.
fn special(rest: &str) -> Option<(Span, &str)> {
    let between = |open: &str, close: &str| rest.strip_prefix(open)?.split_once(close);
    if let Some((code, after)) = between("`` ", " ``").or_else(|| between("`", "`")) {
        return Some((Span::Code(code.to_owned()), after));
    }
    if let Some((strong, after)) = rest.strip_prefix("**").and_then(up_to_strong) {
        return Some((Span::Strong(spans(strong)), after));
    }
    if let Some((address, after)) = between("<", ">") {
        return Some((Span::Address(address.to_owned()), after));
    }
    let (words, after) = between("[", "](#")?;
    let (place, after) = after.split_once(')')?;
    Some((Span::Place(words.to_owned(), place.to_owned()), after))
}

/// Splits at the next `**` that is not escaped.
fn up_to_strong(text: &str) -> Option<(&str, &str)> {
    let is_escaped = |at: usize| {
        let before = &text.as_bytes()[..at];
        before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
    };
    let (at, _) = text
        .match_indices('*')
        .find(|(at, _)| text[at + 1..].starts_with('*') && !is_escaped(*at))?;
    Some((&text[..at], &text[at + 2..]))
}

/// The name of a heading's place: lower case, with hyphens.
#[must_use]
pub fn place(heading: &str) -> String {
    let kept = heading.chars().filter_map(|letter| match letter {
        ' ' | '-' => Some('-'),
        letter if letter.is_alphanumeric() || letter == '_' => Some(letter),
        _ => None,
    });
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::super::inline::{code, link, prose};
    use super::*;

    fn text(text: &str) -> Span {
        Span::Text(text.to_owned())
    }

    #[test]
    fn what_is_written_is_read() {
        let written = format!(
            "See {} and {}, **not {}**: {} or [Files](#files).",
            code("a`b"),
            code("x|y"),
            prose("<b>*c*"),
            link("https://tool.example/?a=b")
        );
        assert_eq!(
            spans(&written),
            [
                text("See "),
                Span::Code("a`b".to_owned()),
                text(" and "),
                Span::Code("x|y".to_owned()),
                text(", "),
                Span::Strong(vec![text("not <b>*c*")]),
                text(": "),
                Span::Address("https://tool.example/?a=b".to_owned()),
                text(" or "),
                Span::Place("Files".to_owned(), "files".to_owned()),
                text("."),
            ]
        );
    }

    #[test]
    fn an_author_can_write_anything() {
        for own in ["<script>", "a ` b", "[x](#y) **z**", "\\", "é*", "#", "<", "**", "`"] {
            let spans = spans(&prose(own));
            let read: String = spans
                .iter()
                .map(|span| match span {
                    Span::Text(text) => text.as_str(),
                    other => panic!("{own} was read as {other:?}"),
                })
                .collect();
            assert_eq!(read, own);
        }
    }

    #[test]
    fn a_place_is_named_as_markdown_names_it() {
        assert_eq!(place("Your machine's id"), "your-machines-id");
        assert_eq!(place("Files on your machine"), "files-on-your-machine");
    }
}
