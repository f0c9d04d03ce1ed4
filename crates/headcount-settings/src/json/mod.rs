//! JSON settings: `whole` validates the text with `serde_json`, then `scan`
//! finds the position of each member. JSON with comments is not JSON.

mod edit;
mod entries;
mod find;
mod scan;
mod whole;

use serde_json::Value;

use crate::editor::Editor;
use crate::error::Problem;
use crate::value::{Found, Scalar};
use find::{End, Trail};
use whole::is_blank;

pub(super) use entries::entries;

pub(super) const EDITOR: Editor = Editor { get, set: edit::set, remove: edit::remove };

pub(super) fn get(text: &str, path: &[&str]) -> Result<Found, Problem> {
    if is_blank(text) {
        return Ok(Found::Absent);
    }
    let trail = find::trail(text, path)?;
    Ok(match trail.end {
        End::Missing(_) => Found::Absent,
        End::Through(_) => Found::Other,
        End::Value(index) => found(text, &trail, index),
    })
}

fn found(text: &str, trail: &Trail<'_>, index: usize) -> Found {
    let span = trail.holder().members[index].value.clone();
    match text[span].parse() {
        Ok(Value::Bool(flag)) => Found::Scalar(Scalar::Flag(flag)),
        Ok(Value::String(text)) => Found::Scalar(Scalar::Text(text)),
        _ => Found::Other,
    }
}
