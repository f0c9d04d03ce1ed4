//! Edits a YAML text. Each edit is parsed again, and accepted only if nothing
//! but the one value has changed.

use super::find::{self, End, Step, Trail};
use super::scalar;
use super::tree::{self, Entry, Kind, Layout, Node, Quotes};
use crate::Scalar;
use crate::error::Problem;
use crate::splice;

/// Spaces per level in a text without indentation.
const STEP: usize = 2;

pub(super) fn set(text: &str, path: &[&str], value: &Scalar) -> Result<String, Problem> {
    let document = tree::parse(text)?;
    let root = document.root.as_ref();
    let Some(top) = root else {
        let lines = block(path, value, 0, STEP, splice::newline(text, text.len()));
        return faithful(root, path, [splice::at_end(text, &lines)], None);
    };
    let trail = find::trail(text, top, path)?;
    match trail.end {
        End::Value(entry) => {
            let edited = replaced(text, entry, value);
            faithful(root, path, edited, Some(entry.key.line))
        }
        End::Through(entry, rest) if entry.value.is_unwritten() => {
            let edited = below(text, &trail, entry, rest, value);
            faithful(root, path, edited, Some(entry.key.line))
        }
        End::Through(entry, _) => Err(through(entry, path)),
        End::Missing(rest) => {
            let holder = trail.mappings.last().expect("a trail starts at the top level");
            let edited = match holder.layout {
                Layout::Block => added_to_block(text, top, holder, rest, value),
                Layout::Flow => added_to_flow(text, holder, rest, value).into_iter().collect(),
            };
            faithful(root, path, edited, None)
        }
    }
}

pub(super) fn remove(text: &str, path: &[&str]) -> Result<String, Problem> {
    let document = tree::parse(text)?;
    let root = document.root.as_ref();
    let Some(top) = root else { return Ok(text.to_owned()) };
    let trail = find::trail(text, top, path)?;
    let entry = match trail.end {
        End::Missing(_) => return Ok(text.to_owned()),
        End::Through(entry, _) => return Err(through(entry, path)),
        End::Value(entry) => entry,
    };
    let holder = trail.mappings.last().expect("a trail starts at the top level");
    let edited = match (&entry.value.kind, holder.layout) {
        (Kind::Scalar(_, Quotes::Block) | Kind::List(_) | Kind::Mapping(..), _) => Vec::new(),
        (_, Layout::Block) => removed_from_block(text, holder, entry),
        (_, Layout::Flow) => removed_from_flow(text, holder, entry).into_iter().collect(),
    };
    faithful(root, path, edited, Some(entry.key.line))
}

/// Returns the first edited text in which only the value at the path has
/// changed.
fn faithful(
    before: Option<&Node>,
    path: &[&str],
    edited: impl IntoIterator<Item = String>,
    line: Option<usize>,
) -> Result<String, Problem> {
    let is_faithful = |text: &String| {
        tree::parse(text).is_ok_and(|after| differ_only_at(before, after.root.as_ref(), path))
    };
    let mut edited = edited.into_iter();
    edited.find(is_faithful).ok_or_else(|| Problem::Entangled { key: path.join("."), line })
}

/// Whether two nodes are the same except at the path. A missing node counts as
/// an empty mapping, and so does an unwritten null.
fn differ_only_at(before: Option<&Node>, after: Option<&Node>, path: &[&str]) -> bool {
    let Some((name, rest)) = path.split_first() else { return true };
    let before = before.filter(|before| !before.is_unwritten());
    let (Some(before), Some(after)) = (entries(before), entries(after)) else { return false };
    let is_it = |entry: &&Entry| matches!(&entry.key.kind, Kind::Scalar(word, _) if word == name);
    let mut others = before.iter().filter(|entry| !is_it(entry));
    let mut kept = after.iter().filter(|entry| !is_it(entry));
    let same = loop {
        match (others.next(), kept.next()) {
            (Some(ours), Some(theirs)) if ours.says_the_same(theirs) => {}
            (None, None) => break true,
            _ => break false,
        }
    };
    let value = |entries: &'_ [Entry]| entries.iter().position(|entry| is_it(&entry));
    let before = value(before).map(|index| &before[index].value);
    let after = value(after).map(|index| &after[index].value);
    same && differ_only_at(before, after, rest)
}

fn entries(node: Option<&Node>) -> Option<&[Entry]> {
    match node {
        None => Some(&[]),
        Some(Node { kind: Kind::Mapping(entries, _), .. }) => Some(entries),
        Some(_) => None,
    }
}

/// Replaces the value of an entry.
fn replaced(text: &str, entry: &Entry, value: &Scalar) -> Option<String> {
    let Kind::Scalar(word, quotes) = &entry.value.kind else { return None };
    if entry.value.is_unwritten() {
        let colon = past_colon(text, entry)?;
        let literal = scalar::written(value, None);
        return Some(splice::replaced(text, colon..colon, &format!(" {literal}")));
    }
    // A block scalar ends where the next node starts: its lines cannot be
    // separated from it.
    let literal = scalar::written(value, Some((word, *quotes)));
    let is_line = *quotes != Quotes::Block;
    is_line.then(|| splice::replaced(text, entry.value.span.clone(), &literal))
}

/// Adds the first entries of a mapping that has only a key so far.
fn below(
    text: &str,
    trail: &Trail<'_, '_>,
    entry: &Entry,
    rest: &[&str],
    value: &Scalar,
) -> Option<String> {
    let step = trail.mappings.first().map_or(STEP, |top| step(top.node));
    let end = splice::line_end(text, past_colon(text, entry)?);
    let newline = splice::newline(text, end);
    let lines = block(rest, value, entry.key.column + step, step, newline);
    Some(splice::replaced(text, end..end, &format!("{newline}{lines}")))
}

/// Adds an entry at the end of a block or, if that would change what is above
/// it (the blank lines that a block scalar keeps), before its first one.
fn added_to_block(
    text: &str,
    top: &Node,
    holder: &Step<'_>,
    rest: &[&str],
    value: &Scalar,
) -> Vec<String> {
    let (Some(first), Some(last)) = (holder.entries.first(), holder.entries.last()) else {
        return Vec::new();
    };
    let start = first.key.span.start;
    let column = holder.node.column;
    let newline = splice::newline(text, start);
    let lines = block(rest, value, column, step(top), newline);
    let end = holder.node.span.end.max(last.key.span.end);
    let behind = if splice::line_start(text, end) == end {
        Some(splice::replaced(text, end..end, &format!("{lines}{newline}")))
    } else {
        let end = splice::line_end(text, end);
        // Readers disagree about a block scalar whose last line has no line
        // ending.
        let is_clear = end < text.len() || !ends_in_block(&last.value);
        is_clear.then(|| splice::replaced(text, end..end, &format!("{newline}{lines}")))
    };
    let line = splice::line_start(text, start);
    let in_front = splice::replaced(text, line..line, &format!("{lines}{newline}"));
    behind.into_iter().chain([in_front]).collect()
}

/// Whether the last node in a node is a block scalar.
fn ends_in_block(node: &Node) -> bool {
    match &node.kind {
        Kind::Scalar(_, quotes) => *quotes == Quotes::Block,
        Kind::List(items) => items.last().is_some_and(ends_in_block),
        Kind::Mapping(entries, _) => entries.last().is_some_and(|last| ends_in_block(&last.value)),
        Kind::Alias(_) => false,
    }
}

/// Adds an entry at the end of a mapping between braces.
fn added_to_flow(text: &str, holder: &Step<'_>, rest: &[&str], value: &Scalar) -> Option<String> {
    let quotes = match holder.entries.last().map(|last| &last.key.kind) {
        Some(Kind::Scalar(_, quotes)) => *quotes,
        _ => Quotes::Plain,
    };
    let mut member = scalar::written(value, None);
    for (depth, name) in rest.iter().enumerate().rev() {
        member = format!("{}: {member}", scalar::key(name, quotes));
        if depth > 0 {
            member = format!("{{{member}}}");
        }
    }
    let braces = holder.node.span.clone();
    let Some(last) = holder.entries.last() else {
        let inside = braces.start + 1..braces.end - 1;
        let is_empty = text[inside.clone()].trim().is_empty();
        return is_empty.then(|| splice::replaced(text, inside, &member));
    };
    if last.value.is_unwritten() {
        return None;
    }
    let lead = splice::space_before(text, last.key.span.start);
    let lead = if lead.is_empty() { " " } else { lead };
    let end = last.value.span.end;
    Some(splice::replaced(text, end..end, &format!(",{lead}{member}")))
}

/// Removes the lines of an entry. A mapping that loses its only entry becomes
/// `{}`, unless it can be empty.
fn removed_from_block(text: &str, holder: &Step<'_>, entry: &Entry) -> Vec<String> {
    let start = entry.key.span.start;
    let Some(colon) = past_colon(text, entry) else { return Vec::new() };
    let range = start..entry.value.span.end.max(colon);
    let before = &text[splice::line_start(text, start)..start];
    if !before.chars().all(|letter| letter == ' ') {
        return Vec::new();
    }
    let without = splice::without_lines(text, range.clone());
    if holder.entries.len() > 1 {
        return vec![without];
    }
    let Some(key) = holder.key else {
        return vec![without, splice::replaced(text, range, "{}")];
    };
    // What is removed is after the key, so the key's position is the same in
    // both texts.
    let colon = colon_behind(text, key.span.end);
    let emptied = colon.map(|colon| splice::replaced(&without, colon..colon, " {}"));
    emptied.into_iter().collect()
}

/// Removes an entry and one comma, if that removes no comment.
fn removed_from_flow(text: &str, holder: &Step<'_>, entry: &Entry) -> Option<String> {
    let end = |entry: &Entry| entry.value.span.end.max(entry.key.span.end);
    let start = entry.key.span.start;
    let index = holder.entries.iter().position(|other| other.key.span.start == start)?;
    let before = index.checked_sub(1).and_then(|before| holder.entries.get(before));
    let range = match (before, holder.entries.get(index + 1)) {
        (Some(before), _) => end(before)..end(entry),
        (None, Some(after)) => start..after.key.span.start,
        (None, None) => holder.node.span.start + 1..holder.node.span.end - 1,
    };
    let around = [&text[range.start..start], &text[end(entry).min(range.end)..range.end]];
    let is_clean = !around.concat().contains('#');
    is_clean.then(|| splice::replaced(text, range, ""))
}

/// `a:` and below it `b: true` for the keys `a` and `b`, without the last line
/// ending.
fn block(keys: &[&str], value: &Scalar, column: usize, step: usize, newline: &str) -> String {
    let mut lines = String::new();
    for (depth, name) in keys.iter().enumerate() {
        let gap = if depth == 0 { "" } else { newline };
        let indent = " ".repeat(column + depth * step);
        lines.push_str(&format!("{gap}{indent}{}:", scalar::key(name, Quotes::Plain)));
    }
    format!("{lines} {}", scalar::written(value, None))
}

/// Where an entry's colon ends.
fn past_colon(text: &str, entry: &Entry) -> Option<usize> {
    colon_behind(text, entry.key.span.end)
}

/// Where the colon after a key ends, if it is on the same line with nothing
/// between them.
fn colon_behind(text: &str, key_end: usize) -> Option<usize> {
    let behind = text[key_end..].trim_start_matches([' ', '\t']);
    behind.starts_with(':').then(|| text.len() - behind.len() + 1)
}

/// By how many columns the first block below the top level is indented.
fn step(top: &Node) -> usize {
    let Kind::Mapping(entries, _) = &top.kind else { return STEP };
    let steps = entries.iter().filter_map(|entry| match entry.value.kind {
        Kind::Mapping(_, Layout::Block) => entry.value.column.checked_sub(entry.key.column),
        _ => None,
    });
    steps.into_iter().find(|step| *step > 0).unwrap_or(STEP)
}

fn through(entry: &Entry, path: &[&str]) -> Problem {
    let key = match &entry.key.kind {
        Kind::Scalar(word, _) => word.clone(),
        _ => path.join("."),
    };
    Problem::Through { key, line: entry.key.line }
}
