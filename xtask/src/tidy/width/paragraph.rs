//! A paragraph of a comment: plain sentences, one behind the other, that may be
//! broken anywhere between two words. Lists, tables, headings, quotations,
//! drawings and code are none.

use std::collections::BTreeSet;

use crate::limits::COMMENT_COLUMNS;
use crate::rust::{Comment, Form, Line};

/// How many lines of the paragraph begin at a line; none where none begins.
pub(super) fn at(lines: &[Line<'_>], start: usize, code: &BTreeSet<usize>) -> usize {
    let Some(first) = prose(&lines[start]).filter(|_| !code.contains(&start)) else { return 0 };
    if is_inside_of_a_list(lines, start) {
        return 0;
    }
    let mut length = 1;
    while let Some(next) = lines.get(start + length).and_then(prose)
        && !code.contains(&(start + length))
        && (next.indent, next.mark) == (first.indent, first.mark)
        && !is_ended(lines[start + length - 1].text, next.says)
    {
        length += 1;
    }
    length
}

/// The paragraph, broken anew.
pub(super) fn broken(lines: &[Line<'_>]) -> String {
    let Some(first) = lines.first().and_then(prose) else { return String::new() };
    let begins = format!("{}{}", first.indent, first.mark);
    let texts: Vec<&str> = lines.iter().filter_map(prose).map(|comment| comment.says).collect();
    let mut broken = String::new();
    let mut line = begins.clone();
    for piece in pieces(&texts.join(" ")) {
        let width = line.chars().count() + 1 + piece.chars().count();
        if line != begins && width > COMMENT_COLUMNS {
            broken.push_str(&line);
            broken.push('\n');
            line.clone_from(&begins);
        }
        line.push(' ');
        line.push_str(&piece);
    }
    format!("{broken}{line}\n")
}

/// Words, and what must stay on one line: code between backticks, and before a
/// word that would mean something at the beginning of a line the word in front
/// of it.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let has_pairs = text.matches('`').count().is_multiple_of(2);
    let mut pieces: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match pieces.last_mut() {
            Some(last) if is_special(word) || (has_pairs && last.matches('`').count() % 2 == 1) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => pieces.push(word.to_owned()),
        }
    }
    pieces
}

/// The comment of a line, if it is plain text.
fn prose<'a>(line: &Line<'a>) -> Option<Comment<'a>> {
    let Form::Comment(comment) = line.form else { return None };
    let text = comment.says.strip_prefix(' ')?;
    let is_plain = !text.is_empty()
        && !text.starts_with(char::is_whitespace)
        // A drawing, columns, or a break that Markdown would keep.
        && !text.contains("  ")
        && !text.ends_with([' ', '\\'])
        && !is_special(text.split_whitespace().next().unwrap_or_default());
    is_plain.then_some(comment)
}

/// Whether a word at the beginning of a line would be more than a word.
fn is_special(word: &str) -> bool {
    let number = word.strip_suffix(['.', ')']);
    let is_number = number.is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    let is_link = word.starts_with('[') && word.ends_with("]:");
    let is_rule = word.chars().all(|c| "-=*_#+~".contains(c));
    is_number
        || is_link
        || is_rule
        || word.starts_with(['>', '|', '<', '#'])
        || word.starts_with("```")
}

/// Whether the author ended a paragraph without a blank line: a sentence ends
/// where the next word would have had room, or a label such as `SAFETY:`
/// begins.
fn is_ended(line: &str, next: &str) -> bool {
    let word = next.split_whitespace().next().unwrap_or_default();
    let has_room = line.chars().count() + 1 + word.chars().count() <= COMMENT_COLUMNS;
    let label = word.strip_suffix(':');
    let is_label =
        label.is_some_and(|label| label.len() > 1 && label.chars().all(char::is_uppercase));
    is_label || (has_room && line.ends_with(['.', ':', '?']))
}

/// Whether a line goes on with a list or a table that begins further up,
/// without a blank line between.
fn is_inside_of_a_list(lines: &[Line<'_>], at: usize) -> bool {
    for line in lines[..at].iter().rev() {
        let Form::Comment(comment) = line.form else { return false };
        let text = comment.says.trim();
        if text.is_empty() || is_heading(text) || text.starts_with("```") {
            return false;
        }
        if prose(line).is_none() {
            return true;
        }
    }
    false
}

fn is_heading(text: &str) -> bool {
    text.trim_start_matches('#').starts_with(' ') && text.starts_with('#')
}
