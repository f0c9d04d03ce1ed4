//! Comments keep to one width. Tables, addresses, fenced code and what cannot
//! be broken are excused.

mod paragraph;

use std::collections::BTreeSet;

use crate::Finding;
use crate::limits::COMMENT_COLUMNS;
use crate::rust::{Comment, Form, Line};
use crate::tree::SourceFile;

pub(super) fn check(file: &SourceFile, lines: &[Line<'_>]) -> Vec<Finding> {
    let code = code(lines);
    let too_wide = lines.iter().enumerate().filter(|(at, line)| {
        matches!(line.form, Form::Comment(comment) if is_too_wide(line, &comment) && !code.contains(at))
    });
    too_wide
        .map(|(at, line)| {
            let sentence = format!(
                "A comment of {} columns, {COMMENT_COLUMNS} at most: break the line. \
                 `cargo xtask tidy --fix` breaks all but lists.",
                line.text.chars().count()
            );
            Finding::new(&file.path, at + 1, sentence)
        })
        .collect()
}

/// The text with its wide paragraphs broken anew; nothing where there are none.
pub(super) fn fixed(text: &str, lines: &[Line<'_>]) -> Option<String> {
    let code = code(lines);
    let mut wanted = String::new();
    let mut at = 0;
    while at < lines.len() {
        let paragraph = paragraph::at(lines, at, &code);
        let is_wide = lines[at..at + paragraph].iter().any(|line| match line.form {
            Form::Comment(comment) => is_too_wide(line, &comment),
            _ => false,
        });
        if is_wide {
            wanted.push_str(&paragraph::broken(&lines[at..at + paragraph]));
            at += paragraph;
        } else {
            let end = at + paragraph.max(1);
            lines[at..end].iter().for_each(|line| {
                wanted.push_str(line.text);
                wanted.push('\n');
            });
            at = end;
        }
    }
    (wanted != text).then_some(wanted)
}

fn is_too_wide(line: &Line<'_>, comment: &Comment<'_>) -> bool {
    let says = comment.says.trim();
    let is_table = says.starts_with('|');
    let has_address = says.contains("://");
    let is_breakable = paragraph::pieces(says).len() > 1;
    line.text.chars().count() > COMMENT_COLUMNS && !is_table && !has_address && is_breakable
}

/// The lines of code and drawings in comments, their fences with them.
fn code(lines: &[Line<'_>]) -> BTreeSet<usize> {
    let mut code = BTreeSet::new();
    let mut is_code = false;
    for (at, line) in lines.iter().enumerate() {
        let Form::Comment(comment) = line.form else {
            is_code = false;
            continue;
        };
        let is_fence = comment.says.trim_start().starts_with("```");
        if is_code || is_fence {
            code.insert(at);
        }
        is_code = is_code != is_fence;
    }
    code
}

#[cfg(test)]
mod tests;
