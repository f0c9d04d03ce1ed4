//! A heading in documentation, such as `# Errors`, has a blank line before and
//! after it.

use crate::Finding;
use crate::rust::{Comment, Form, Line};
use crate::tree::SourceFile;

pub(super) fn check(file: &SourceFile, lines: &[Line<'_>]) -> Vec<Finding> {
    let headings = headings(lines).into_iter();
    let crowded = headings.filter(|heading| heading.wants_before || heading.wants_after);
    crowded
        .map(|heading| {
            let sentence = "A heading wants a blank line before and after it. \
                            `cargo xtask tidy --fix` puts them there.";
            Finding::new(&file.path, heading.at + 1, sentence)
        })
        .collect()
}

/// The text with blank lines around its headings; nothing where they are there.
pub(super) fn fixed(text: &str, lines: &[Line<'_>]) -> Option<String> {
    let headings = headings(lines);
    let mut wanted = String::new();
    for (at, line) in lines.iter().enumerate() {
        let heading = headings.iter().find(|heading| heading.at == at);
        let blank = heading.map_or_else(String::new, |heading| format!("{}\n", heading.blank));
        if heading.is_some_and(|heading| heading.wants_before) {
            wanted.push_str(&blank);
        }
        wanted.push_str(line.text);
        wanted.push('\n');
        // The next line may be a heading itself, which then wants none before
        // it.
        if heading.is_some_and(|heading| heading.wants_after) {
            wanted.push_str(&blank);
        }
    }
    (wanted != text).then_some(wanted)
}

struct Heading {
    /// Its line, counted from 0.
    at: usize,
    wants_before: bool,
    wants_after: bool,
    /// The blank line to put there.
    blank: String,
}

fn headings(lines: &[Line<'_>]) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut is_code = false;
    for (at, line) in lines.iter().enumerate() {
        let Some(doc) = doc(line) else {
            is_code = false;
            continue;
        };
        if doc.says.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        if is_code || !is_heading(doc.says) {
            continue;
        }
        let says = |at: Option<usize>| at.and_then(|at| doc_of(lines, at)).map(|doc| doc.says);
        let is_crowded = |says: Option<&str>| says.is_some_and(|says| !says.trim().is_empty());
        let before = says(at.checked_sub(1));
        headings.push(Heading {
            at,
            wants_before: is_crowded(before) && !before.is_some_and(is_heading),
            wants_after: is_crowded(says(Some(at + 1))),
            blank: format!("{}{}", doc.indent, doc.mark),
        });
    }
    headings
}

fn doc_of<'a>(lines: &[Line<'a>], at: usize) -> Option<Comment<'a>> {
    lines.get(at).and_then(doc)
}

fn doc<'a>(line: &Line<'a>) -> Option<Comment<'a>> {
    match line.form {
        Form::Comment(comment) if comment.is_doc() => Some(comment),
        _ => None,
    }
}

fn is_heading(says: &str) -> bool {
    let Some(text) = says.strip_prefix(' ') else { return false };
    let level = text.bytes().take_while(|byte| *byte == b'#').count();
    (1..=6).contains(&level) && text[level..].starts_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust;

    fn mended(text: &str) -> Option<String> {
        fixed(text, &rust::lines(text))
    }

    #[test]
    fn a_crowded_heading_is_caught_and_mended() {
        let is = "//! Room.\n\n    /// Does.\n    /// # Errors\n    /// When.\n    fn f() {}\n";
        let wanted = "//! Room.\n\n    /// Does.\n    ///\n    /// # Errors\n    ///\n    /// When.\n    fn f() {}\n";
        let lines = |text| {
            let file = SourceFile::new("a.rs", text);
            check(&file, &rust::lines(text)).iter().map(|finding| finding.line).collect()
        };
        let (caught, none): (Vec<usize>, Vec<usize>) = (lines(is), lines(wanted));
        assert_eq!((caught, none), (vec![4], vec![]));
        assert_eq!(mended(is).as_deref(), Some(wanted));
        assert_eq!(mended(wanted), None);
    }

    #[test]
    fn headings_that_follow_one_another_get_one_line_between() {
        let is = "/// # One\n/// ## Two\n/// Text.\nfn f() {}\n";
        let wanted = "/// # One\n///\n/// ## Two\n///\n/// Text.\nfn f() {}\n";
        assert_eq!(mended(is).as_deref(), Some(wanted));
        assert_eq!(mended(wanted), None);
    }

    #[test]
    fn what_is_no_heading_stays() {
        for text in [
            "/// # Errors\nfn f() {}\n",
            "/// ```\n/// let a = 1;\n/// # let b = 2;\n/// let c = 3;\n/// ```\nfn f() {}\n",
            "/// One\n/// #[derive] two\n/// #three\nfn f() {}\n",
            "// One\n// # two\n// three\nfn f() {}\n",
            "const A: &str = \"\n/// One\n/// # Two\n/// Three\n\";\n",
        ] {
            assert_eq!(mended(text), None, "{text}");
        }
    }
}
