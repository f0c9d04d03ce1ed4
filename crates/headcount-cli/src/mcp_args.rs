//! The arguments of `headcount mcp`.

use std::path::PathBuf;

/// `headcount mcp`
#[derive(Debug, clap::Args)]
pub(crate) struct Mcp {
    /// Folder for all data, as with `serve`
    #[arg(long, value_name = "DIR", default_value = "headcount-data")]
    pub(crate) data: PathBuf,
    /// Ask the collector at this address, with the token in HEADCOUNT_TOKEN
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    pub(crate) url: Option<String>,
    /// Read the token from this file instead
    #[arg(long, value_name = "FILE", requires = "url", conflicts_with = "public")]
    pub(crate) token_file: Option<PathBuf>,
    /// Trust the certificate authorities in this PEM file instead of the
    /// system's
    #[arg(long, value_name = "FILE", requires = "url")]
    pub(crate) ca: Option<PathBuf>,
    /// Answer with what the public pages show, and nothing else; no token is
    /// read
    #[arg(long)]
    pub(crate) public: bool,
    /// Look for the public page of this product, for the list of those at an
    /// address
    #[arg(long, value_name = "NAME", requires_all = ["public", "url"])]
    pub(crate) product: Vec<String>,
}
