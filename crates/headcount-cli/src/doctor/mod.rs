//! `headcount doctor`: whether everything is right, and the one thing to do
//! next: in a collector's folder ([`operator`]), or for the author of a program
//! ([`author`], [`destination`]). For the people who are counted it is
//! `telemetry doctor`, which the SDK answers; what it finds on this machine is a
//! part of what an author is told.

mod author;
mod destination;
mod finding;
mod operator;

use std::path::PathBuf;

use headcount_catalog::Day;

use crate::data_folder::Data;

/// `headcount doctor`
#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) folder: Data,
    /// For the author of a program: look at its catalog, its destinations and
    /// this machine instead of a folder; nothing is stored there
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "proof"])]
    pub(crate) catalog: Option<PathBuf>,
    /// Check the proof of an erasure, too
    #[arg(long, value_name = "TEXT")]
    pub(crate) proof: Option<String>,
    /// Print one line of JSON on standard output, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}

/// Examines. 0 where everything is right, 1 where something is not, 2 where
/// there is nothing to examine.
pub(crate) fn run(doctor: &Doctor, today: Day) -> u8 {
    match &doctor.catalog {
        None => operator::run(doctor),
        Some(file) => author::run(file, doctor.json, today),
    }
}
