//! YAML settings: `granit-parser` judges the text strictly and says where everything
//! lies in it; the text is spliced, read again, and refused if anything else has changed.
//!
//! What a value means is only said where every reader of YAML agrees. `yes`, `no`, `on` and `off`
//! are flags to some and text to others, so they are neither here.

mod edit;
mod find;
mod scalar;
mod tree;

use crate::editor::Editor;
use crate::error::Problem;
use crate::value::Found;
use find::End;

pub(super) const EDITOR: Editor = Editor { get, set: edit::set, remove: edit::remove };

fn get(text: &str, path: &[&str]) -> Result<Found, Problem> {
    let document = tree::parse(text)?;
    let Some(root) = &document.root else { return Ok(Found::Absent) };
    let trail = find::trail(text, root, path)?;
    Ok(match trail.end {
        End::Missing(_) => Found::Absent,
        End::Through(..) => Found::Other,
        End::Value(entry) => scalar::meaning(&entry.value),
    })
}
