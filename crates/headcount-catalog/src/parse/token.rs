//! Where a word of the text ends, for a caret below it.

/// Returns the token at a byte offset: a string with its quotes, a header with
/// its brackets, or a word. It is never empty, unless the text ends there.
pub(super) fn span(text: &str, at: usize) -> (usize, usize) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let line = text[at..].lines().next().unwrap_or_default();
    (at, at + length(line).max(line.chars().next().map_or(0, char::len_utf8)))
}

/// Bytes of the token that the line begins with.
fn length(line: &str) -> usize {
    let quoted = |quote: char| line[1..].find(quote).map_or(line.len(), |end| end + 2);
    match line.chars().next() {
        Some(quote @ ('"' | '\'')) => quoted(quote),
        Some('[') => line.rfind(']').map_or(1, |end| end + 1),
        _ => line
            .find(|letter: char| letter.is_whitespace() || "=,]}#".contains(letter))
            .unwrap_or(line.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_what_one_would_underline() {
        let text = "[event.x]\nname = \"ä b\", other = 12]\n\nx";
        let marked = |part: &str| {
            let (from, to) = span(text, text.find(part).expect("it is there"));
            &text[from..to]
        };
        assert_eq!(marked("[event"), "[event.x]");
        assert_eq!(marked("name"), "name");
        assert_eq!(marked("\"ä"), "\"ä b\"");
        assert_eq!(marked("12"), "12");
        assert_eq!(marked("="), "=");
        assert_eq!(span(text, text.len() + 7), (text.len(), text.len()));
        assert_eq!(span("\"open", 0), (0, 5));
        assert_eq!(span("é", 1), (0, 2), "inside a character is at its start");
    }
}
