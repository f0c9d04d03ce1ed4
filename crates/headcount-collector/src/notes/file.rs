//! `notes.jsonl`, as it is on disk: a line of JSON each.

use std::path::Path;

use headcount_catalog::{Day, Grain, Time, is_product_name};
use serde_json::{Map, Value as Json, json};

use super::day_note::{DayNote, check_text};
use super::note_error::NoteError;
use crate::credentials::ReaderName;
use crate::trusted_file::{self, Mending, Untrusted};
use crate::{limits, private_file};

/// The name of the file in the data folder.
pub(crate) const FILE: &str = "notes.jsonl";

/// Reads the notes of a data folder, in the order in which they were written.
/// A folder without the file has no notes.
pub(crate) fn read(data: &Path) -> Result<Vec<DayNote>, NoteError> {
    let path = data.join(FILE);
    // Nothing in it is secret, so others may read it.
    let file = match trusted_file::read(&path, limits::NOTES_BYTES + 1, Mending::Noted) {
        Ok(Some(file)) => file,
        Ok(None) => return Ok(Vec::new()),
        Err(Untrusted::System(error)) => {
            return Err(NoteError::File { doing: "read", path, error });
        }
        Err(untrusted) => return Err(NoteError::Unsafe { path, why: why(&untrusted) }),
    };
    let damaged = |line, what| NoteError::Damaged { path: path.clone(), line, what };
    if file.length > limits::NOTES_BYTES {
        return Err(damaged(1, "is the first of too many"));
    }
    let text = std::str::from_utf8(&file.bytes).map_err(|error| {
        let before = &file.bytes[..error.valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        damaged(line, "is not valid UTF-8")
    })?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read: Result<Vec<DayNote>, NoteError> = lines
        .map(|(at, line)| decode(line).ok_or_else(|| damaged(at + 1, "is not a note")))
        .collect();
    let notes = read?;
    if notes.len() > limits::NOTES {
        return Err(NoteError::TooMany);
    }
    Ok(notes)
}

/// Writes them, whole or not at all.
pub(super) fn write(data: &Path, notes: &[DayNote]) -> Result<(), NoteError> {
    let path = data.join(FILE);
    let text: String = notes.iter().map(encode).collect();
    let written = private_file::write(&path, text.as_bytes());
    written.map_err(|error| NoteError::File { doing: "write", path, error })
}

fn why(untrusted: &Untrusted) -> &'static str {
    match untrusted {
        Untrusted::OfAnotherUser => {
            "belong to another user, who may have written anything there: make the user of this \
             collector their owner"
        }
        Untrusted::Writable => "can be written by other users: set the file's mode to 600",
        _ => "are not a regular file: put the file itself in its place",
    }
}

fn encode(note: &DayNote) -> String {
    let DayNote { id, product, day, text, by, written } = note;
    let mut line = json!({"id": id, "product": product, "day": day.to_string(), "text": text,
                          "written": written.format(Grain::Millisecond)});
    if let Some(by) = by {
        line["by"] = json!(by.as_str());
    }
    format!("{line}\n")
}

fn decode(line: &str) -> Option<DayNote> {
    const KEYS: [&str; 6] = ["id", "product", "day", "text", "by", "written"];

    let json: Json = serde_json::from_str(line).ok()?;
    let entry = json.as_object()?;
    // The next change would lose what this version does not know.
    if entry.keys().any(|key| !KEYS.contains(&key.as_str())) {
        return None;
    }
    let by = match entry.get("by") {
        None => None,
        Some(name) => Some(ReaderName::new(name.as_str()?).ok()?),
    };
    Some(DayNote {
        id: text(entry, "id").filter(|id| DayNote::is_id(id))?.to_owned(),
        product: text(entry, "product").filter(|name| is_product_name(name))?.to_owned(),
        day: Day::parse(text(entry, "day")?)?,
        text: text(entry, "text").filter(|text| check_text(text).is_ok())?.to_owned(),
        by,
        written: Time::parse(text(entry, "written")?)?,
    })
}

fn text<'a>(entry: &'a Map<String, Json>, name: &str) -> Option<&'a str> {
    entry.get(name)?.as_str()
}
