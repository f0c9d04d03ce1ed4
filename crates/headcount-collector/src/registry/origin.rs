//! Where a registry was loaded from.

use std::path::PathBuf;
use std::time::Duration;

use super::catalog_file::Stamps;

/// The folder that a registry was loaded from.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) folder: PathBuf,
    /// As the folder was before its files were read.
    pub(super) stamps: Stamps,
    /// How often a running collector looks whether it has changed.
    pub(super) interval: Option<Duration>,
}
