//! Notes on a day, kept with a product: a release, an outage, whatever explains
//! a chart to the next reader.
//!
//! They are in one file of the data folder, `notes.jsonl`, a line of JSON each,
//! which commands and the page change and a running collector reads again when
//! it has changed. What somebody wrote is shown to readers and goes nowhere
//! else: no line of the operator's log has it.

mod day_note;
mod note_error;
mod file;
mod change;
mod current;
mod watch;
mod form;
#[cfg(test)]
mod tests;

pub(crate) use change::{add, remove};
pub(crate) use current::CurrentNotes;
pub use day_note::{DayNote, NewDayNote};
pub(crate) use file::{FILE, read};
pub(crate) use form::rows;
pub use note_error::NoteError;
pub(crate) use watch::watch;
