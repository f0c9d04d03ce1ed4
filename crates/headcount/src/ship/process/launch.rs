//! What a process is started with: the program, its arguments, its environment
//! and its folder.

use std::ffi::OsString;
use std::path::PathBuf;

/// A process to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Launch {
    /// The file that is executed.
    pub(super) file: PathBuf,
    /// The name by which it is called (`argv[0]`). A program that has several
    /// names may do something else under each.
    pub(super) name: OsString,
    /// Its arguments, without that name.
    pub(super) arguments: Vec<OsString>,
    /// Its whole environment.
    pub(super) environment: Vec<(OsString, OsString)>,
    /// Its working directory: a shipper must not block a folder that the person
    /// wants to remove or unmount.
    pub(super) folder: PathBuf,
}
