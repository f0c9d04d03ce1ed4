//! `headcount notes`: what readers wrote about days of a product.

use std::path::Path;

use clap::Subcommand;
use headcount_catalog::{Day, Grain, Time};
use headcount_collector::offline::{credentials, notes};
use headcount_collector::{DayNote, NewDayNote, NoteError, ReaderName};
use serde_json::json;

use crate::data_folder::Data;
use crate::day_argument::day;
use crate::print;

/// `headcount notes`
#[derive(Debug, Subcommand)]
pub(crate) enum Notes {
    /// Write a note on a day of a product, such as a release or an outage
    Add {
        #[command(flatten)]
        folder: Data,
        /// The name of the product, as in its catalog
        #[arg(long, value_name = "NAME")]
        product: String,
        /// The day, such as 2026-11-20
        #[arg(long, value_name = "DAY", value_parser = day)]
        day: Day,
        /// Who writes it, by the name of a reader
        #[arg(long, value_name = "READER", value_parser = reader)]
        by: Option<ReaderName>,
        /// The text: one line of at most 200 characters
        text: String,
    },
    /// List the notes by product and day: id, product, day, who wrote it, text
    List {
        #[command(flatten)]
        folder: Data,
        /// Only those of this product
        #[arg(long, value_name = "NAME")]
        product: Option<String>,
        /// Print one line of JSON for each, and nothing else
        #[arg(long)]
        json: bool,
    },
    /// Remove a note
    Remove {
        /// The id of the note, the first word of its line in `notes list`
        id: String,
        #[command(flatten)]
        folder: Data,
    },
}

fn reader(text: &str) -> Result<ReaderName, String> {
    ReaderName::new(text).map_err(|error| error.to_string())
}

/// Adds, lists or removes. 1 where it cannot.
pub(crate) fn run(notes: &Notes, now: Time) -> u8 {
    let done = match notes {
        Notes::Add { folder, product, day, by, text } => {
            let note = NewDayNote::new(product, *day, text, by.clone());
            note.and_then(|note| add(&folder.data, note, product, now))
        }
        Notes::List { folder, product, json } => list(&folder.data, product.as_deref(), *json),
        Notes::Remove { id, folder } => remove(&folder.data, id),
    };
    match done {
        Ok(()) => 0,
        Err(error) => {
            print::err(format_args!("headcount notes: {error}\n"));
            1
        }
    }
}

fn add(data: &Path, note: NewDayNote, product: &str, now: Time) -> Result<(), NoteError> {
    let note = notes::add(data, note, now)?;
    print::out(format_args!("{}\n", note.id));
    if credentials::has_catalog(data, product) == Some(false) {
        print::err(format_args!(
            "headcount notes: no catalog of `{product}` has been loaded into {} yet; until then nobody \
             sees the note\n",
            data.display()
        ));
    }
    Ok(())
}

fn list(data: &Path, product: Option<&str>, in_json: bool) -> Result<(), NoteError> {
    let mut all = notes::list(data)?;
    all.retain(|note| product.is_none_or(|product| note.product == product));
    let width = all.iter().map(|note| note.product.len()).max().unwrap_or(0);
    for note in &all {
        if in_json {
            print::out(format_args!("{}\n", json(note)));
        } else {
            let DayNote { id, product, day, text, by, .. } = note;
            let by = by.as_ref().map_or("-", ReaderName::as_str);
            print::out(format_args!("{id}  {product:width$}  {day}  {by}  {text}\n"));
        }
    }
    if all.is_empty() && !in_json {
        print::err("There is no note: `headcount notes add` writes one.\n");
    }
    Ok(())
}

fn json(note: &DayNote) -> serde_json::Value {
    let DayNote { id, product, day, text, by, written } = note;
    let by = by.as_ref().map(ReaderName::as_str);
    json!({"id": id, "product": product, "day": day.to_string(), "text": text, "by": by,
           "written": written.format(Grain::Second)})
}

fn remove(data: &Path, id: &str) -> Result<(), NoteError> {
    let DayNote { id, product, day, .. } = notes::remove(data, id)?;
    print::err(format_args!("The note {id} on {day} of `{product}` is removed.\n"));
    Ok(())
}
