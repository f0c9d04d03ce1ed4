//! The room of JSON settings: the parser of the house judges the whole text, then a scanner finds
//! where things lie in it. JSON with comments is not JSON.

mod edit;
mod find;
mod scan;

use headcount_catalog::SettingsFormat;
use serde_json::Value;

use super::{Editor, Found, Scalar, Unreadable};
use find::{End, Trail};

pub(super) const EDITOR: Editor = Editor { get, set: edit::set, remove: edit::remove };

fn get(text: &str, path: &[&str]) -> Result<Found, Unreadable> {
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
    match serde_json::from_str(&text[span]) {
        Ok(Value::Bool(flag)) => Found::Scalar(Scalar::Flag(flag)),
        Ok(Value::String(text)) => Found::Scalar(Scalar::Text(text)),
        _ => Found::Other,
    }
}

/// Whether nothing is in the text but the white space of JSON.
fn is_blank(text: &str) -> bool {
    text.trim_matches([' ', '\t', '\n', '\r']).is_empty()
}

/// Whether the whole text is JSON, before anything in it is believed.
fn validate(text: &str) -> Result<(), Unreadable> {
    let error = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(_)) => return Ok(()),
        Ok(_) => return Err(Unreadable::NotATable(SettingsFormat::Json)),
        Err(error) => error,
    };
    // The parser says column 0 of a line that it has not begun.
    let at = (error.line(), error.column().max(1));
    let problem = error.to_string();
    let problem = problem.split(" at line ").next().unwrap_or_default().to_owned();
    Err(Unreadable::Syntax { format: SettingsFormat::Json, at: Some(at), problem })
}
