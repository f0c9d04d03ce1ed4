//! Comments in a catalog by which its author has decided otherwise:
//! `# allow HC104: the names of models are public`, on the line that a finding
//! is about or right above it.

/// Whether a comment allows what a code advises against, at a byte of the text.
pub(super) fn is_allowed(text: &str, at: usize, code: &str) -> bool {
    let from = text[..at.min(text.len())].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[from..].lines().next().unwrap_or_default();
    let above = text[..from].lines().rev().take_while(|line| line.trim_start().starts_with('#'));
    std::iter::once(line).chain(above).any(|line| allows(line, code))
}

/// Whether a line has a comment that names the code.
fn allows(line: &str, code: &str) -> bool {
    let comments = line.split('#').skip(1);
    let mut words = comments.filter_map(|comment| comment.trim_start().strip_prefix("allow "));
    words.any(|rest| {
        let codes = rest.split(':').next().unwrap_or_default();
        codes.split([' ', ',']).any(|word| word == code)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_allows_its_own_line_and_the_one_below() {
        let text = "a = 1 # allow HC104, HC105: they are public\n# allow HC106\n# because\nb = 2\n\nc = 3\n";
        let at = |part: &str| text.find(part).expect("it is there");
        assert!(is_allowed(text, at("a = 1"), "HC104") && is_allowed(text, at("a = 1"), "HC105"));
        assert!(!is_allowed(text, at("a = 1"), "HC106"));
        assert!(is_allowed(text, at("b = 2"), "HC106") && !is_allowed(text, at("b = 2"), "HC104"));
        assert!(!is_allowed(text, at("c = 3"), "HC106"));
        assert!(!is_allowed("x = \"# allowed HC104\"", 0, "HC104"));
        assert!(!is_allowed(text, text.len() + 4, "HC104"));
    }
}
