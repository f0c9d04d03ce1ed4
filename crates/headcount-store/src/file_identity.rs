//! Whether the file is still the one that was opened.
//!
//! An open file goes on working after somebody has removed it or its folder,
//! and everything that is written to it is gone with the process. So it is
//! looked for by its name before each commit, and so is the write-ahead log of
//! a database: two system calls, about 2 µs.

use std::fs::Metadata;
use std::io::{self, ErrorKind};
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
        match key(&path) {
            Ok(key) => Ok(Self { path, key }),
            Err(error) => Err(not_there(&path, error)),
        }
    }

    /// Remembers the write-ahead log of a file, which exists while a writer has
    /// the file open.
    pub(crate) fn of_log(file: &Path) -> Result<Self, StoreError> {
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        Self::of(log.into())
    }

    /// Checks that the same file is still there.
    ///
    /// # Errors
    ///
    /// - The file is gone, or there is another one.
    /// - The system cannot look at it just now.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        self.judge(key(&self.path))
    }

    fn judge(&self, found: io::Result<FileKey>) -> Result<(), StoreError> {
        match found {
            Ok(key) if key == self.key => Ok(()),
            Ok(_) => Err(StoreError::file_gone(&self.path)),
            Err(error) => Err(not_there(&self.path, error)),
        }
    }
}

fn key(path: &Path) -> io::Result<FileKey> {
    path.metadata().map(|metadata| FileKey::of(&metadata))
}

/// What an error of the system says of a file. Most are not about the file: for
/// example, that the system has no memory left.
fn not_there(path: &Path, error: io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => StoreError::file_gone(path),
        _ => StoreError::system("look at", path, error),
    }
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

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn a_file_is_gone_only_if_the_system_says_so() {
        let home = Home::new();
        let identity = FileIdentity::of(home.write("folder/file", "")).unwrap();
        identity.check().unwrap();
        for kind in [ErrorKind::NotFound, ErrorKind::NotADirectory] {
            let told = identity.judge(Err(kind.into())).unwrap_err().to_string();
            assert!(told.contains("was removed or replaced"), "{told}");
        }
        for kind in [ErrorKind::OutOfMemory, ErrorKind::PermissionDenied, ErrorKind::Other] {
            let told = identity.judge(Err(kind.into())).unwrap_err().to_string();
            assert!(told.starts_with("cannot look at ") && !told.contains("removed"), "{told}");
        }
    }

    /// Windows lets nobody do this.
    #[cfg(unix)]
    #[test]
    fn what_is_removed_or_replaced_is_gone() {
        let home = Home::new();
        let file = home.write("folder/file", "");
        let identity = FileIdentity::of(file.clone()).unwrap();
        let gone = || identity.check().unwrap_err().to_string();
        // The old file stays, so that the new one is another.
        std::fs::rename(&file, home.path().join("old")).unwrap();
        assert!(gone().contains("was removed or replaced"));
        home.write("folder/file", "");
        assert!(gone().contains("was removed or replaced"));
        std::fs::remove_dir_all(home.path().join("folder")).unwrap();
        home.write("folder", "");
        assert!(gone().contains("was removed or replaced"));
    }
}
