//! Walks a path through a JSON text.

use serde_json::Value;

use super::scan::{self, Member, Object};
use super::whole::validate;
use crate::Format;
use crate::error::Problem;
use crate::splice;

/// Where a path leads.
pub(super) struct Trail<'p> {
    /// The objects on the way, the top level first.
    pub(super) objects: Vec<Object>,
    /// What is at the end.
    pub(super) end: End<'p>,
}

/// The end of a trail.
pub(super) enum End<'p> {
    /// A member of the last object.
    Value(usize),
    /// These keys of the path are not there; the first of them would be in the
    /// last object.
    Missing(&'p [&'p str]),
    /// A member of the last object is not an object, but the path goes on.
    Through(usize),
}

impl Trail<'_> {
    /// The object that has, or would have, the value.
    pub(super) fn holder(&self) -> &Object {
        self.objects.last().expect("a trail starts at the top level")
    }
}

/// Walks `path` through a text that is not blank.
pub(super) fn trail<'p>(text: &str, path: &'p [&'p str]) -> Result<Trail<'p>, Problem> {
    validate(text)?;
    let mut from = 0;
    let mut objects = Vec::new();
    for (depth, key) in path.iter().enumerate() {
        let object = scan::object(text, from).ok_or(Problem::NotATable(Format::Json))?;
        let index = position(text, &object, key)?;
        let last = depth + 1 == path.len();
        let end = match index {
            None => Some(End::Missing(&path[depth..])),
            Some(index) if last => Some(End::Value(index)),
            Some(index) => {
                from = object.members[index].value.start;
                (text.as_bytes()[from] != b'{').then_some(End::Through(index))
            }
        };
        objects.push(object);
        if let Some(end) = end {
            return Ok(Trail { objects, end });
        }
    }
    Err(Problem::BadPath(path.join(".")))
}

/// The key of a member, which may be written with escapes.
pub(super) fn name(text: &str, member: &Member) -> Option<String> {
    match text[member.key.clone()].parse() {
        Ok(Value::String(name)) => Some(name),
        _ => None,
    }
}

/// The index of the member with the key, if any. Returns an error if there are
/// two.
fn position(text: &str, object: &Object, key: &str) -> Result<Option<usize>, Problem> {
    let mut places = object
        .members
        .iter()
        .enumerate()
        .filter(|(_, member)| name(text, member).is_some_and(|name| name == key));
    let first = places.next();
    if let Some((_, second)) = places.next() {
        let line = splice::line_number(text, second.key.start);
        return Err(Problem::Twice { key: key.to_owned(), line });
    }
    Ok(first.map(|(index, _)| index))
}
