//! `headcount infer`: a first catalog from events that a program sends already,
//! wherever they were captured.
//!
//! Events are read ([`captured`]), each property's values say its kind or that
//! it has none ([`mod@guess`]), and the text leaves the decisions to its author
//! ([`catalog_text`]).

mod captured;
mod guess;
mod catalog_text;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use headcount::person::visible;
use headcount_catalog::parse;

use crate::ask::plural;
use crate::new::FirstCatalog;
use crate::{catalog_file, print};

pub(crate) use captured::Captured;
pub(crate) use guess::{Guess, guess};

/// Bytes that are read of all files together: a day of a product's events.
const BYTES: u64 = 512 * 1024 * 1024;

/// `headcount infer`
#[derive(Debug, clap::Args)]
pub(crate) struct Infer {
    /// Files of events in JSON: one a line, or one list; as they are sent, or
    /// as PostHog, Amplitude, Segment or OpenTelemetry export them; `-` is
    /// standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) catalog: FirstCatalog,
}

/// Writes a catalog of what was captured. Returns 1 where something cannot be
/// read or written, and 2 where there is nothing that a catalog can have.
pub(crate) fn run(infer: &Infer) -> u8 {
    match inferred(infer) {
        Ok(()) => 0,
        Err((code, sentence)) => {
            print::err(format_args!("headcount infer: {}\n", visible(&sentence)));
            code
        }
    }
}

fn inferred(infer: &Infer) -> Result<(), (u8, String)> {
    let head = infer.catalog.head()?;
    let captured = read_all(&infer.files)?;
    if captured.events.is_empty() {
        return Err((2, "there is no event in it: an event is an object with its name under `event`, `event_type` or `name`".to_owned()));
    }
    let (events, left_out) = catalog_text::events(&captured);
    let text = head + &events;
    // The grammar itself judges what was given and what was guessed.
    if let Err(mistakes) = parse(&text) {
        let all: Vec<String> = mistakes.all().iter().map(ToString::to_string).collect();
        return Err((2, format!("no catalog can be made of this: {}", all.join("; "))));
    }
    infer.catalog.write(&text)?;
    let counted: u64 = captured.events.values().map(|seen| seen.events).sum();
    print::err(format_args!(
        "{} from {counted}; {left_out} left out, each with its reason in a comment{}.\n\
         Say of each event which question it answers, take out what answers none, and run `headcount check`.\n",
        plural(captured.events.len() as u64, "event"),
        match captured.nameless {
            0 => String::new(),
            nameless => format!("; {} not an event", plural(nameless, "value")),
        },
    ));
    Ok(())
}

fn read_all(files: &[PathBuf]) -> Result<Captured, (u8, String)> {
    let (mut captured, mut left) = (Captured::default(), BYTES);
    for path in files {
        let text = text(path, left).map_err(|why| (1, format!("{}: {why}", path.display())))?;
        left = left.saturating_sub(text.len() as u64);
        captured.read(&text).map_err(|why| (2, format!("{}: {why}", path.display())))?;
    }
    Ok(captured)
}

/// Reads a file, at most so many bytes.
fn text(path: &Path, most: u64) -> Result<String, String> {
    let mut text = String::new();
    let read = if catalog_file::is_stdin(path) {
        std::io::stdin().take(most + 1).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most + 1).read_to_string(&mut text))
    };
    let read = read.map_err(|error| format!("it cannot be read: {error}"))?;
    if read as u64 > most {
        return Err(format!(
            "there is more than {} MiB in all: a part of the events is enough",
            BYTES >> 20
        ));
    }
    Ok(text)
}
