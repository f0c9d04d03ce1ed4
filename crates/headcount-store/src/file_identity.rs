//! Whether the file is still the one that was opened.
//!
//! An open file goes on working after somebody has removed it or its folder,
//! and everything that is written to it is gone with the process. So it is
//! looked for by its name before each commit, and so is the write-ahead log of
//! a database: two system calls, about 2 µs.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use crate::StoreError;

/// A file as it was when it was opened.
#[derive(Debug)]
pub(crate) struct FileIdentity {
    path: PathBuf,
    key: FileKey,
}

/// What no two files have in common: on Unix, device and inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileKey {
    device: u64,
    inode: u64,
}

impl FileIdentity {
    /// Remembers which file this is.
    pub(crate) fn of(path: PathBuf) -> Result<Self, StoreError> {
        let key = key(&path).ok_or_else(|| StoreError::file_gone(&path))?;
        Ok(Self { path, key })
    }

    /// Remembers the write-ahead log of a file, which exists while a writer has
    /// the file open.
    pub(crate) fn of_log(file: &Path) -> Result<Self, StoreError> {
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        Self::of(log.into())
    }

    /// Checks that the same file is still there.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let is_same = key(&self.path) == Some(self.key);
        if is_same { Ok(()) } else { Err(StoreError::file_gone(&self.path)) }
    }
}

fn key(path: &Path) -> Option<FileKey> {
    path.metadata().ok().map(|metadata| FileKey::of(&metadata))
}

impl FileKey {
    #[cfg(unix)]
    fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self { device: metadata.dev(), inode: metadata.ino() }
    }

    /// Windows lets nobody remove or replace a file that is open.
    #[cfg(not(unix))]
    fn of(_: &Metadata) -> Self {
        Self { device: 0, inode: 0 }
    }
}
