//! A Rust text line by line: which lines are comments, which are code, and
//! which are neither because a string or a block comment goes on in them.

mod outline;
mod scan;

use scan::Scan;

pub(crate) use outline::{Item, ItemKind, items};

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// Without its end.
    pub(crate) text: &'a str,
    pub(crate) form: Form<'a>,
    /// How many brackets are open where it begins.
    pub(crate) depth: usize,
    /// The last character of its code, if it ends as code.
    pub(crate) ends: Option<char>,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form<'a> {
    Blank,
    /// A comment and nothing else.
    Comment(Comment<'a>),
    Code,
    /// It begins inside a string or a block comment.
    Inside,
}

/// A line comment that has its line to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Comment<'a> {
    /// What stands before it: spaces.
    pub(crate) indent: &'a str,
    /// `//`, `///` or `//!`.
    pub(crate) mark: &'a str,
    /// What it says, with the space after the mark.
    pub(crate) says: &'a str,
}

impl Comment<'_> {
    /// Whether it is documentation.
    pub(crate) fn is_doc(&self) -> bool {
        self.mark.len() == 3
    }
}

/// All lines of a text.
pub(crate) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut scan = Scan::default();
    let line = |text| {
        let (is_code, depth) = (scan.is_code(), scan.depth);
        let ends = scan.line(text);
        let form = if is_code { form(text) } else { Form::Inside };
        Line { text, form, depth, ends }
    };
    text.lines().map(line).collect()
}

fn form(text: &str) -> Form<'_> {
    let code = text.trim_start();
    let indent = &text[..text.len() - code.len()];
    if code.is_empty() {
        return Form::Blank;
    }
    let is_comment = code.starts_with("//");
    if !is_comment {
        return Form::Code;
    }
    // Four strokes are no documentation.
    let is_doc = code.starts_with("//!") || (code.starts_with("///") && !code.starts_with("////"));
    let (mark, says) = code.split_at(if is_doc { 3 } else { 2 });
    Form::Comment(Comment { indent, mark, says })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_told_from_code_and_from_text() {
        let text =
            "//! Room.\n\nfn a() { // why\n    /// Doc.\n    let b = \"\n// text\n\";\n}\n//// x\n";
        let forms: Vec<String> = lines(text)
            .iter()
            .map(|line| match line.form {
                Form::Blank => "blank".to_owned(),
                Form::Comment(comment) => format!("{}{}", comment.mark, comment.says),
                Form::Code => format!("code {} {:?}", line.depth, line.ends.unwrap_or(' ')),
                Form::Inside => "inside".to_owned(),
            })
            .collect();
        assert_eq!(
            forms,
            [
                "//! Room.",
                "blank",
                "code 0 '{'",
                "/// Doc.",
                "code 1 ' '",
                "inside",
                "inside",
                "code 1 '}'",
                "//// x"
            ]
        );
    }
}
