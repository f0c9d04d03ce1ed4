//! Edits a JSON text. New members are laid out like their neighbours.

use super::find::{self, End, Trail};
use super::scan::Object;
use super::whole::is_blank;
use crate::Scalar;
use crate::error::Problem;
use crate::splice;

/// The indentation of a new document, and of one that shows none.
const UNIT: &str = "  ";

/// How new members are laid out.
struct Style<'t> {
    /// Between key and value.
    colon: &'t str,
    /// `None` keeps everything on the line.
    lines: Option<Lines<'t>>,
}

/// How lines begin and end.
struct Lines<'t> {
    newline: &'t str,
    /// Of the member itself.
    indent: String,
    /// What each further level adds.
    unit: &'t str,
}

pub(super) fn set(text: &str, path: &[&str], value: &Scalar) -> Result<String, Problem> {
    if is_blank(text) {
        let newline = splice::newline(text, text.len());
        let lines = Lines { newline, indent: UNIT.to_owned(), unit: UNIT };
        let member = written(path, value, &Style { colon: ": ", lines: Some(lines) });
        return Ok(format!("{{{newline}{UNIT}{member}{newline}}}{newline}"));
    }
    let trail = find::trail(text, path)?;
    match trail.end {
        End::Through(index) => Err(through(text, trail.holder(), index, path)),
        End::Value(index) => {
            let span = trail.holder().members[index].value.clone();
            if text[span.start..].starts_with(['{', '[']) {
                return Err(entangled(text, &trail, index, path));
            }
            Ok(splice::replaced(text, span, &literal(value)))
        }
        End::Missing(rest) if trail.holder().members.is_empty() => {
            Ok(opened(text, &trail, rest, value))
        }
        End::Missing(rest) => Ok(appended(text, &trail, rest, value)),
    }
}

pub(super) fn remove(text: &str, path: &[&str]) -> Result<String, Problem> {
    let trail = find::trail(text, path)?;
    let holder = trail.holder();
    let index = match trail.end {
        End::Value(index) => index,
        End::Missing(_) => return Ok(text.to_owned()),
        End::Through(index) => return Err(through(text, holder, index, path)),
    };
    let members = &holder.members;
    let member = &members[index];
    if text[member.value.start..].starts_with(['{', '[']) {
        return Err(entangled(text, &trail, index, path));
    }
    let range = match (index.checked_sub(1), members.get(index + 1)) {
        (Some(before), _) => members[before].value.end..member.value.end,
        (None, Some(after)) => member.key.start..after.key.start,
        (None, None) => holder.open + 1..holder.close,
    };
    Ok(splice::replaced(text, range, ""))
}

/// Adds a member behind the last one.
fn appended(text: &str, trail: &Trail<'_>, rest: &[&str], value: &Scalar) -> String {
    let holder = trail.holder();
    let colon = colon(text, holder);
    let lead = lead(text, holder);
    let (lead, lines) = match line_of(lead) {
        Some(indent) => {
            let newline = splice::newline(text, holder.members[0].key.start);
            let lines = Lines { newline, indent: indent.to_owned(), unit: unit(text, trail) };
            (format!("{newline}{indent}"), Some(lines))
        }
        // `{"a": 1}` says nothing about the space between members; the colon
        // does.
        None if holder.members.len() == 1 && colon.ends_with(' ') => (" ".to_owned(), None),
        None => (lead.to_owned(), None),
    };
    let member = written(rest, value, &Style { colon, lines });
    let end = holder.members.last().map_or(holder.open + 1, |last| last.value.end);
    splice::replaced(text, end..end, &format!(",{lead}{member}"))
}

/// Adds the first member of an object.
fn opened(text: &str, trail: &Trail<'_>, rest: &[&str], value: &Scalar) -> String {
    let holder = trail.holder();
    let inside = holder.open + 1..holder.close;
    let above = trail.objects.iter().rev().nth(1);
    let in_lines = text[inside.clone()].contains(['\n', '\r'])
        || above.is_none_or(|above| line_of(lead(text, above)).is_some());
    if !in_lines {
        let colon = above.map_or(": ", |above| colon(text, above));
        let member = written(rest, value, &Style { colon, lines: None });
        return splice::replaced(text, inside, &member);
    }
    let newline = splice::newline(text, holder.open);
    let outer = splice::indentation(text, holder.open).to_owned();
    let unit = unit(text, trail);
    let indent = format!("{outer}{unit}");
    let lines = Lines { newline, indent: indent.clone(), unit };
    let member = written(rest, value, &Style { colon: ": ", lines: Some(lines) });
    splice::replaced(text, inside, &format!("{newline}{indent}{member}{newline}{outer}"))
}

/// `"a": {"b": true}` for the keys `a` and `b`.
fn written(keys: &[&str], value: &Scalar, style: &Style<'_>) -> String {
    let colon = style.colon;
    let mut text = literal(value);
    for (depth, key) in keys.iter().enumerate().rev() {
        text = format!("{}{colon}{text}", quoted(key));
        if depth > 0 {
            text = match &style.lines {
                None => format!("{{{text}}}"),
                Some(Lines { newline, indent, unit }) => {
                    let (inner, outer) = (unit.repeat(depth), unit.repeat(depth - 1));
                    format!("{{{newline}{indent}{inner}{text}{newline}{indent}{outer}}}")
                }
            };
        }
    }
    text
}

fn literal(value: &Scalar) -> String {
    match value {
        Scalar::Flag(flag) => flag.to_string(),
        Scalar::Text(text) => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The white space before the last member of an object that has one.
fn lead<'t>(text: &'t str, object: &Object) -> &'t str {
    object.members.last().map_or("", |last| splice::space_before(text, last.key.start))
}

/// What the last line of some white space starts with, if it has more than one
/// line.
fn line_of(space: &str) -> Option<&str> {
    space.rfind(['\n', '\r']).map(|end| &space[end + 1..])
}

/// What stands between key and value of the last member.
fn colon<'t>(text: &'t str, object: &Object) -> &'t str {
    let between = object.members.last().map(|last| &text[last.key.end..last.value.start]);
    between.filter(|between| line_of(between).is_none()).unwrap_or(": ")
}

/// What one level of indentation is in this text: that of the top level's
/// members.
fn unit<'t>(text: &'t str, trail: &Trail<'_>) -> &'t str {
    let top = trail.objects.first().and_then(|top| line_of(lead(text, top)));
    top.filter(|indent| !indent.is_empty()).unwrap_or(UNIT)
}

fn through(text: &str, holder: &Object, index: usize, path: &[&str]) -> Problem {
    let member = &holder.members[index];
    let key = find::name(text, member).unwrap_or_else(|| path.join("."));
    Problem::Through { key, line: splice::line_number(text, member.key.start) }
}

fn entangled(text: &str, trail: &Trail<'_>, index: usize, path: &[&str]) -> Problem {
    let start = trail.holder().members[index].key.start;
    let line = Some(splice::line_number(text, start));
    Problem::Entangled { key: path.join("."), line }
}
