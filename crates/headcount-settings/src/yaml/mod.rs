//! YAML settings: `granit-parser` validates the text strictly and gives the
//! position of everything. The text is spliced, parsed again, and refused if
//! anything else has changed.
//!
//! A value has a meaning only if every reader of YAML agrees. `yes`, `no`, `on`
//! and `off` are flags to some readers and text to others, so they are neither
//! here.

mod edit;
mod entries;
mod find;
mod scalar;
mod tree;

use crate::editor::Editor;
use crate::error::Problem;
use crate::value::Found;
use find::End;

pub(super) use entries::entries_in;

pub(super) use tree::{Document, parse};

pub(super) const EDITOR: Editor = Editor { get, set: edit::set, remove: edit::remove };

fn get(text: &str, path: &[&str]) -> Result<Found, Problem> {
    get_in(text, &tree::parse(text)?, path)
}

/// The value at a path of a document, which was parsed from the text.
pub(super) fn get_in(text: &str, document: &Document, path: &[&str]) -> Result<Found, Problem> {
    let Some(root) = &document.root else { return Ok(Found::Absent) };
    let trail = find::trail(text, root, path)?;
    Ok(match trail.end {
        End::Missing(_) => Found::Absent,
        End::Through(..) => Found::Other,
        End::Value(entry) => scalar::meaning(&entry.value),
    })
}
