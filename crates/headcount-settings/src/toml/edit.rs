//! Edits a TOML text.

use std::ops::Range;

use toml_edit::{InlineTable, Item, Key, Value};

use super::find::{self, End, Trail};
use super::parse::parse;
use crate::Scalar;
use crate::error::Problem;
use crate::splice;

pub(super) fn set(text: &str, path: &[&str], value: &Scalar) -> Result<String, Problem> {
    let document = parse(text)?;
    let trail = find::trail(document.as_item(), path);
    match trail.end {
        End::Through(key) => Err(through(text, key)),
        End::Table(key) => Err(entangled(text, path, key.span())),
        End::Value(key, old) if old.is_array() => Err(entangled(text, path, key.span())),
        End::Value(key, old) => {
            let span = old.span().ok_or_else(|| entangled(text, path, key.span()))?;
            let literal = literal(value, &text[span.clone()]);
            Ok(splice::replaced(text, span, &literal))
        }
        End::Missing(rest) => inserted(text, path, &trail, rest, value),
    }
}

pub(super) fn remove(text: &str, path: &[&str]) -> Result<String, Problem> {
    let document = parse(text)?;
    let trail = find::trail(document.as_item(), path);
    let (key, value) = match trail.end {
        End::Missing(_) => return Ok(text.to_owned()),
        End::Through(key) => return Err(through(text, key)),
        End::Table(key) => return Err(entangled(text, path, key.span())),
        End::Value(key, value) => (key, value),
    };
    let refusal = || entangled(text, path, key.span());
    let (Some(name), Some(span)) = (key.span(), value.span()) else { return Err(refusal()) };
    if value.is_array() {
        return Err(refusal());
    }
    // Only the braces of the nearest table that is not dotted matter.
    match trail.tables.iter().rev().find(|item| !is_dotted(item)) {
        Some(Item::Value(Value::InlineTable(table))) => {
            let range = between_braces(text, table, name.start, span).ok_or_else(refusal)?;
            Ok(splice::replaced(text, range, ""))
        }
        _ => Ok(splice::without_lines(text, name.start..span.end)),
    }
}

/// The range to remove for a value between braces: its key, the value and one
/// comma. `None` if that would remove a comment too.
fn between_braces(
    text: &str,
    table: &InlineTable,
    name: usize,
    value: Range<usize>,
) -> Option<Range<usize>> {
    let braces = table.span()?;
    let inside = braces.start + 1..braces.end - 1;
    let past_space = |at: usize| {
        inside.end - text[at..inside.end].trim_start_matches([' ', '\t', '\n', '\r']).len()
    };
    let is_comma = |at: usize| text[at..inside.end].starts_with(',');
    let is_comment = |at: usize| text[at..inside.end].starts_with('#');
    let before = find::entries(table).into_iter().rfind(|entry| entry.value.end <= name);
    let behind = past_space(value.end);
    if let Some(before) = before {
        let comma = past_space(before.value.end);
        let is_clean = is_comma(comma) && !text[comma..name].contains('#');
        return is_clean.then_some(comma..value.end);
    }
    // The key may be dotted, so it starts before its last name.
    let start = past_space(inside.start);
    if is_comment(start) || is_comment(behind) {
        return None;
    }
    let next = if is_comma(behind) { past_space(behind + 1) } else { behind };
    if next == inside.end {
        return Some(inside);
    }
    (!is_comment(next)).then_some(start..next)
}

fn inserted(
    text: &str,
    path: &[&str],
    trail: &Trail<'_, '_>,
    rest: &[&str],
    value: &Scalar,
) -> Result<String, Problem> {
    let refusal = || entangled(text, path, None);
    let depth = trail.tables.len() - 1;
    // An entry is written under the nearest table that is not dotted, by the
    // names that follow.
    let base = (0..=depth).rev().find(|depth| !is_dotted(trail.tables[*depth])).unwrap_or(0);
    let entry = format!("{} = {}", dotted(&path[base..]), literal(value, ""));
    match trail.tables[depth] {
        Item::Value(Value::InlineTable(table)) => {
            if let Some(last) = find::entries(table).last() {
                return Ok(splice::replaced(
                    text,
                    last.value.end..last.value.end,
                    &format!(", {entry}"),
                ));
            }
            let span = table.span().ok_or_else(refusal)?;
            let inside = span.start + 1..span.end - 1;
            if text[inside.clone()].contains('#') {
                return Err(refusal());
            }
            Ok(splice::replaced(text, inside, &format!(" {entry} ")))
        }
        Item::Table(table) if table.is_dotted() || rest.len() == 1 => {
            if let Some(last) = find::entries(table).last() {
                let indent = splice::indentation(text, last.key.start);
                return Ok(line_below(text, last.value.end, &format!("{indent}{entry}")));
            }
            if depth == 0 {
                return Ok(on_top(text, trail.tables[0], &entry));
            }
            match table.span() {
                Some(header) if !table.is_implicit() => {
                    let indent = splice::indentation(text, header.start);
                    Ok(line_below(text, header.end, &format!("{indent}{entry}")))
                }
                _ => Ok(section(text, path, value)),
            }
        }
        Item::Table(_) => Ok(section(text, path, value)),
        Item::Value(_) | Item::ArrayOfTables(_) | Item::None => Err(refusal()),
    }
}

/// Adds a line below the line of `at`.
fn line_below(text: &str, at: usize, line: &str) -> String {
    let end = splice::line_end(text, at);
    splice::replaced(text, end..end, &format!("{}{line}", splice::newline(text, end)))
}

/// Adds the first entry of the top level: before the first header and its
/// comment, or at the end if there is no header.
fn on_top(text: &str, root: &Item, entry: &str) -> String {
    let Some(header) = find::first_header(root) else { return splice::at_end(text, entry) };
    let mut at = splice::line_start(text, header);
    while at > 0 {
        let above = splice::line_start(text, at - 1);
        if !text[above..at].trim_start().starts_with('#') {
            break;
        }
        at = above;
    }
    let newline = splice::newline(text, at);
    splice::replaced(text, at..at, &format!("{entry}{newline}{newline}"))
}

/// Adds a table with a header at the end.
fn section(text: &str, path: &[&str], value: &Scalar) -> String {
    let (name, table) = path.split_last().expect("a path has a name");
    let newline = splice::newline(text, text.len());
    let entry = format!("{} = {}", dotted(&[name]), literal(value, ""));
    let header = format!("[{}]{newline}{entry}", dotted(table));
    let apart = text.trim_end_matches([' ', '\t']);
    let is_apart = apart.is_empty() || apart.ends_with("\n\n") || apart.ends_with("\n\r\n");
    if is_apart {
        splice::at_end(text, &header)
    } else {
        splice::at_end(text, &format!("{newline}{header}"))
    }
}

fn is_dotted(item: &Item) -> bool {
    match item {
        Item::Table(table) => table.is_dotted(),
        Item::Value(Value::InlineTable(table)) => table.is_dotted(),
        _ => false,
    }
}

/// The names of a key joined with dots, quoted if needed.
fn dotted(names: &[&str]) -> String {
    let is_bare = |name: &str| {
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let names = names.iter().map(|name| {
        if is_bare(name) {
            (*name).to_owned()
        } else {
            splice::double_quoted(name, char::is_control)
        }
    });
    names.collect::<Vec<_>>().join(".")
}

/// A value as TOML, quoted like the one it replaces if possible.
fn literal(value: &Scalar, old: &str) -> String {
    match value {
        Scalar::Flag(flag) => flag.to_string(),
        Scalar::Text(text) => {
            let is_plain = !text.contains('\'') && !text.contains(char::is_control);
            if is_plain && old.starts_with('\'') && !old.starts_with("'''") {
                format!("'{text}'")
            } else {
                splice::double_quoted(text, char::is_control)
            }
        }
    }
}

fn through(text: &str, key: &Key) -> Problem {
    let line = splice::line_number(text, key.span().map_or(0, |span| span.start));
    Problem::Through { key: key.get().to_owned(), line }
}

fn entangled(text: &str, path: &[&str], key: Option<Range<usize>>) -> Problem {
    let line = key.map(|key| splice::line_number(text, key.start));
    Problem::Entangled { key: path.join("."), line }
}
