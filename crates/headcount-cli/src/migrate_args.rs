//! Arguments of `headcount migrate`.

use std::path::PathBuf;

use crate::store_args::GivenAddress;

/// `headcount migrate`
#[derive(Debug, clap::Args)]
pub(crate) struct Migrate {
    /// The data folder whose raw events are moved; it is read and not changed
    #[arg(long, value_name = "DIR")]
    pub(crate) from: PathBuf,
    /// ClickHouse, as `headcount serve` has it in --store
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) to: GivenAddress,
    /// File with the password for --to
    #[arg(long, value_name = "FILE")]
    pub(crate) store_password_file: Option<PathBuf>,
    /// Print one line of JSON on standard output, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}
