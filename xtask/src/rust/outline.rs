//! The items of a file, as its lines show them: rustfmt begins each at the
//! margin.

use super::{Form, Line};

/// One item at a file's top level. Lines are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) kind: ItemKind,
    /// Its first line: of the comments and attributes that stand right above
    /// it, if any.
    pub(crate) first: usize,
    /// Its first line of code behind its attributes.
    pub(crate) head: usize,
    /// Its last line.
    pub(crate) last: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ItemKind {
    /// `use`, with nothing before it.
    Import,
    /// `pub use`, or `pub(crate) use` and the like.
    ReExport,
    /// `mod name;` and `extern crate`: what is there, not yet what it is.
    Declaration,
    /// Everything else.
    Other,
}

impl Item {
    /// The code of its first line, without what says who may see it, and
    /// whether everybody may.
    pub(crate) fn code<'a>(&self, lines: &[Line<'a>]) -> (&'a str, bool) {
        without_visibility(lines[self.head].text)
    }

    /// The lines of its attributes and comments.
    pub(crate) fn above<'a>(&self, lines: &[Line<'a>]) -> impl Iterator<Item = &'a str> {
        lines[self.first..self.head].iter().map(|line| line.text)
    }

    /// Whether it is compiled for tests alone.
    pub(crate) fn is_for_tests(&self, lines: &[Line<'_>]) -> bool {
        self.above(lines)
            .any(|line| line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test"))
    }
}

/// All items, in their order. The comments and attributes of the file itself
/// are none.
pub(crate) fn items(lines: &[Line<'_>]) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = 0;
    let mut first = None;
    while at < lines.len() {
        let line = &lines[at];
        match line.form {
            Form::Comment(comment) if comment.mark != "//!" => {
                first.get_or_insert(at);
            }
            Form::Code if line.text.starts_with("#![") => {
                at = end_of_attribute(lines, at);
                first = None;
            }
            Form::Code if line.text.starts_with("#[") => {
                first.get_or_insert(at);
                at = end_of_attribute(lines, at);
            }
            Form::Code => {
                let last = end_of_item(lines, at);
                let first = first.take().unwrap_or(at);
                items.push(Item { kind: kind(line.text), first, head: at, last });
                at = last;
            }
            _ => first = None,
        }
        at += 1;
    }
    items
}

fn end_of_attribute(lines: &[Line<'_>], from: usize) -> usize {
    let next = (from + 1..lines.len()).find(|at| lines[*at].depth == 0);
    next.unwrap_or(lines.len()) - 1
}

/// An item ends with a semicolon or a closing brace that no bracket is open
/// around.
fn end_of_item(lines: &[Line<'_>], from: usize) -> usize {
    let is_end = |at: &usize| {
        let is_outside = lines.get(at + 1).is_none_or(|next| next.depth == 0);
        is_outside && matches!(lines[*at].ends, Some(';' | '}'))
    };
    (from..lines.len()).find(is_end).unwrap_or(lines.len() - 1)
}

fn kind(head: &str) -> ItemKind {
    let (code, _) = without_visibility(head);
    let is_public = code.len() < head.len();
    match code.split_whitespace().next() {
        Some("use") if is_public => ItemKind::ReExport,
        Some("use") => ItemKind::Import,
        Some("mod") if code.ends_with(';') => ItemKind::Declaration,
        Some("extern") if code.starts_with("extern crate ") => ItemKind::Declaration,
        _ => ItemKind::Other,
    }
}

fn without_visibility(head: &str) -> (&str, bool) {
    let Some(rest) = head.strip_prefix("pub") else { return (head, false) };
    match rest.strip_prefix('(').and_then(|rest| rest.split_once(") ")) {
        Some((_, code)) => (code, false),
        None => rest.strip_prefix(' ').map_or((head, false), |code| (code, true)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    #[test]
    fn every_item_has_its_lines_and_what_stands_above_it() {
        let text = "//! Room.\n#![cfg(unix)]\n\n// Loose.\n\n// Why.\n#[cfg(unix)]\n#[expect(\n    a,\n)]\n\
            use a::{\n    b,\n};\npub(crate) use c;\nmod d;\nmod e {\n    use f;\n}\n\
            const G: &str =\n    \"x;\n}\";\nfn h()\nwhere\n    I: J,\n{\n}\n";
        let lines = lines(text);
        let items = items(&lines);
        let found: Vec<_> = items.iter().map(|i| (i.kind, i.first, i.head, i.last)).collect();
        assert_eq!(
            found,
            [
                (ItemKind::Import, 5, 10, 12),
                (ItemKind::ReExport, 13, 13, 13),
                (ItemKind::Declaration, 14, 14, 14),
                (ItemKind::Other, 15, 15, 17),
                (ItemKind::Other, 18, 18, 20),
                (ItemKind::Other, 21, 21, 25),
            ]
        );
    }

    #[test]
    fn who_may_see_an_item_and_whether_it_is_a_tests() {
        for (text, code, is_public, is_for_tests) in [
            ("pub struct A;", "struct A;", true, false),
            ("pub(in crate::b) struct A;", "struct A;", false, false),
            ("struct A;", "struct A;", false, false),
            ("publish!();", "publish!();", false, false),
            ("#[cfg(test)]\npub struct A;", "struct A;", true, true),
            ("#[cfg(all(test, unix))]\nmod a;", "mod a;", false, true),
            ("#[cfg(any(test, unix))]\nmod a;", "mod a;", false, false),
        ] {
            let lines = lines(text);
            let item = &items(&lines)[0];
            assert_eq!(item.code(&lines), (code, is_public), "{text}");
            assert_eq!(item.is_for_tests(&lines), is_for_tests, "{text}");
        }
    }
}
