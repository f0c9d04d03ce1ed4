//! TOML settings: `toml_edit` validates the text and gives the position of
//! everything. The text itself is spliced, because writing the document back
//! would change line endings.

mod edit;
mod entries;
mod find;
mod parse;

use toml_edit::{Document, Value};

use crate::editor::Editor;
use crate::error::Problem;
use crate::value::{Found, Scalar};
use find::End;

pub(super) use entries::entries_in;

pub(super) use parse::parse;

pub(super) const EDITOR: Editor = Editor { get, set: edit::set, remove: edit::remove };

fn get(text: &str, path: &[&str]) -> Result<Found, Problem> {
    Ok(get_in(&parse(text)?, path))
}

/// The value at a path of a document.
pub(super) fn get_in(document: &Document<&str>, path: &[&str]) -> Found {
    match find::trail(document.as_item(), path).end {
        End::Missing(_) => Found::Absent,
        End::Value(_, Value::Boolean(flag)) => Found::Scalar(Scalar::Flag(*flag.value())),
        End::Value(_, Value::String(word)) => Found::Scalar(Scalar::Text(word.value().clone())),
        End::Value(..) | End::Table(_) | End::Through(_) => Found::Other,
    }
}
