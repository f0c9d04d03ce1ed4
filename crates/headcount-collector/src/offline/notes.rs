//! What an operator does with the notes of a data folder. A collector that runs
//! takes the change up within ten seconds.

use std::path::Path;

use headcount_catalog::Time;

use crate::notes::{self, DayNote, NewDayNote, NoteError};
use crate::unusable_folder::UnusableFolder;

/// Adds a note on a day.
///
/// # Errors
///
/// Returns an error if there are too many, or the file cannot be changed.
pub fn add(data: &Path, note: NewDayNote, now: Time) -> Result<DayNote, NoteError> {
    check_folder(data)?;
    notes::add(data, note, now)
}

/// Lists the notes of a data folder by product and day.
///
/// # Errors
///
/// Returns an error if the file cannot be read.
pub fn list(data: &Path) -> Result<Vec<DayNote>, NoteError> {
    check_folder(data)?;
    let mut all = notes::read(data)?;
    all.sort_by(|one, other| (&one.product, one.day).cmp(&(&other.product, other.day)));
    Ok(all)
}

/// Removes a note. Returns it.
///
/// # Errors
///
/// Returns an error if there is no such note, or the file cannot be changed.
pub fn remove(data: &Path, id: &str) -> Result<DayNote, NoteError> {
    check_folder(data)?;
    notes::remove(data, None, id)
}

/// Refuses a folder that is not one.
fn check_folder(data: &Path) -> Result<(), NoteError> {
    UnusableFolder::check(data).map_err(NoteError::UnusableFolder)
}
