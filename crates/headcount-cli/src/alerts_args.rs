//! The arguments of `headcount alerts`.

use std::path::PathBuf;

/// `headcount alerts`
#[derive(Debug, clap::Args)]
pub(crate) struct Alerts {
    /// File with the settings of `serve`, which has the alerts
    #[arg(long, value_name = "FILE")]
    pub(crate) config: PathBuf,
    /// Folder for all data; by default the one in the file
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Say what each report would tell now, of the last week or month that is
    /// over, instead of what the alerts see
    #[arg(long)]
    pub(crate) report: bool,
    /// Send a message that says that it is a test, to everybody whom the alerts
    /// tell, or with --report the reports
    #[arg(long)]
    pub(crate) test: bool,
    /// Only the alert of this name, or with --report the report
    #[arg(long, value_name = "NAME")]
    pub(crate) only: Option<String>,
    /// Print one line of JSON for each, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}
