//! What changes if the content of a file does.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::private_file;

/// What changes if the content of a file does, as a rule: its times, its length
/// and its inode. Whoever sets the time of the last change of the content back
/// cannot set that of the last change of the inode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileStamp {
    modified: Option<SystemTime>,
    bytes: u64,
    inode: u64,
    /// In seconds and nanoseconds; 0 where the system has none.
    changed: (i64, i64),
}

impl FileStamp {
    /// Links are followed. A file that cannot be looked at has none.
    pub(crate) fn of(file: &Path) -> Option<Self> {
        fs::metadata(file).ok().map(|metadata| Self {
            modified: metadata.modified().ok(),
            bytes: metadata.len(),
            inode: private_file::inode(&metadata),
            changed: private_file::changed(&metadata),
        })
    }
}
