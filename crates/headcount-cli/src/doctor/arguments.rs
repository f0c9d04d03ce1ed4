//! The arguments of `headcount doctor`.

use std::path::PathBuf;

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
