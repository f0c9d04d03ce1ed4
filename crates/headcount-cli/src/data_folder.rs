//! The flag that names a data folder, of every command of an operator.

use std::path::PathBuf;

/// The data folder of a collector.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Data {
    /// Folder for all data, as with `serve`
    #[arg(long, value_name = "DIR", default_value = "headcount-data")]
    pub(crate) data: PathBuf,
}
