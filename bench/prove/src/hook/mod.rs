//! The proof of the hook that coding agents call: what one call costs, beside
//! what people write instead, and how fast a transcript is read.

mod calls;
mod home;
mod transcript;

use std::time::Instant;

use crate::Fault;
use crate::arguments::Arguments;
use crate::machine;
use crate::page::{self, Section};
use crate::process::Watch;
use home::HookHome;

pub(crate) use home::print_peak;

/// Runs it and writes its page.
///
/// # Errors
///
/// A program is missing or fails.
pub(crate) fn prove(words: impl Iterator<Item = String>) -> Result<(), Fault> {
    let began = Instant::now();
    let arguments = Arguments::read(words)?;
    let scratch = tempfile::Builder::new().prefix("headcount-hook-").tempdir()?;
    let machine = machine::describe(&arguments.places.repository, scratch.path());
    let home = HookHome::set(&arguments.places.collector, scratch.path())?;
    let watch = Watch::start();
    let effort = arguments.effort;
    let sections: Vec<Section> =
        vec![calls::measure(&home, &watch, effort)?, transcript::measure(&home, &watch, effort)?];
    let text = page::write_hook(&machine, &arguments, &sections, began.elapsed());
    std::fs::write(&arguments.places.page, text)?;
    eprintln!("prove: {}", arguments.places.page.display());
    Ok(())
}
