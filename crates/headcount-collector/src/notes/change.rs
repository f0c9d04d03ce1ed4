//! Changes the notes of a data folder, also while a collector runs: one change
//! after the other, each whole or not at all.

use std::path::Path;

use headcount_catalog::Time;
use headcount_store::StoreError;

use super::day_note::{DayNote, NewDayNote};
use super::file;
use super::note_error::NoteError;
use crate::cohorts;
use crate::folder_turn::{self, TurnError};
use crate::limits;

/// The file in the data folder that is locked while they change.
const LOCK: &str = "notes.lock";

/// Adds a note on a day that a page can show. Creates the folder if there is
/// none.
pub(crate) fn add(data: &Path, new: NewDayNote, now: Time) -> Result<DayNote, NoteError> {
    let today = now.day();
    if new.day > today {
        return Err(NoteError::InTheFuture { today });
    }
    // Pages ask for notes from this day on.
    if new.day < cohorts::FIRST_DAY {
        return Err(NoteError::TooEarly);
    }
    change(data, |notes| {
        if notes.len() >= limits::NOTES {
            return Err(NoteError::TooMany);
        }
        let NewDayNote { product, day, text, by } = new;
        let id = new_id(notes)?;
        let note = DayNote { id, product, day, text, by, written: now };
        notes.push(note.clone());
        Ok(note)
    })
}

/// Removes a note, of this product if one is named. Returns the note.
pub(crate) fn remove(data: &Path, product: Option<&str>, id: &str) -> Result<DayNote, NoteError> {
    change(data, |notes| {
        let is_it =
            |note: &DayNote| note.id == id && product.is_none_or(|product| note.product == product);
        let at = notes.iter().position(is_it);
        at.map(|at| notes.remove(at)).ok_or_else(|| NoteError::Unknown(id.to_owned()))
    })
}

/// Reads the notes, changes them and writes them. Nothing is written if
/// `change` fails.
fn change<T>(
    data: &Path,
    change: impl FnOnce(&mut Vec<DayNote>) -> Result<T, NoteError>,
) -> Result<T, NoteError> {
    let folder =
        folder_turn::take(data, LOCK, limits::NOTES_WAIT).map_err(|error| match error {
            TurnError::Busy => NoteError::Busy(data.to_path_buf()),
            TurnError::Folder(error) => NoteError::Folder(error),
        })?;
    let mut notes = file::read(folder.path())?;
    let done = change(&mut notes)?;
    file::write(folder.path(), &notes)?;
    folder_turn::give_lock_to_owner(&folder, LOCK).map_err(|error| {
        NoteError::Folder(StoreError::new(format!(
            "cannot give `{LOCK}` to the owner of the data folder: {error}"
        )))
    })?;
    Ok(done)
}

fn new_id(notes: &[DayNote]) -> Result<String, NoteError> {
    loop {
        let mut random = [0; limits::NOTE_ID_BYTES];
        getrandom::fill(&mut random).map_err(NoteError::RandomBytes)?;
        let digits: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let id = format!("n{digits}");
        if notes.iter().all(|note| note.id != id) {
            return Ok(id);
        }
    }
}
