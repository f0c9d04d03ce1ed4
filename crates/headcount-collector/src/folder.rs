//! The data folder: made for its owner alone, and held by one collector at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::StartError;

/// The file whose lock says that a collector runs on this folder.
const LOCK: &str = "collector.lock";

/// A data folder that this process holds.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Locked as long as it is open, also across a crash: the system lets go of it.
    lock: File,
}

impl Drop for Folder {
    /// Closing would not do: a process that another thread is starting at this moment still has a
    /// copy of the file, and with it the lock, until it has become its program.
    fn drop(&mut self) {
        // An error means that the system has let go of it already.
        let _ = self.lock.unlock();
    }
}

impl Folder {
    /// Makes the folder where it is not there yet, and takes it.
    pub(crate) fn take(path: &Path) -> Result<Self, StartError> {
        if !path.is_dir() {
            make(path).map_err(|error| {
                StartError::because(format!(
                    "the data folder {} cannot be made: {error}. Name another with --data, or make \
                     it writable for this user",
                    path.display()
                ))
            })?;
        }
        let unwritable = |error: &std::io::Error| {
            StartError::because(format!(
                "the data folder {} cannot be written to: {error}. Name another with --data, or \
                 make it writable for this user",
                path.display()
            ))
        };
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        let lock =
            private(&mut options).open(path.join(LOCK)).map_err(|error| unwritable(&error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_path_buf(), lock }),
            Err(TryLockError::WouldBlock) => Err(StartError::because(format!(
                "another collector runs on the data folder {}: stop it, or name another folder \
                 with --data",
                path.display()
            ))),
            Err(TryLockError::Error(error)) => Err(unwritable(&error)),
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Readable for its owner alone: it holds the secret that pseudonyms are made under.
fn make(path: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A new file is for its owner alone.
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Makes a rename in the folder outlive a power cut.
pub(crate) fn sync(path: &Path) -> std::io::Result<()> {
    // Windows writes directory changes through its journal and cannot open a folder as a file.
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn a_second_collector_is_told_of_the_first() {
        let home = Home::new();
        let data = home.path().join("deep").join("data");
        let first = Folder::take(&data).unwrap();
        let refused = Folder::take(&data).unwrap_err().to_string();
        assert!(refused.starts_with("another collector runs on the data folder"), "{refused}");
        drop(first);
        Folder::take(&data).unwrap();
    }

    #[test]
    fn a_file_in_its_place_is_a_sentence() {
        let home = Home::new();
        let file = home.write("data", "");
        let refused = Folder::take(&file).unwrap_err().to_string();
        assert!(refused.contains("cannot be made") && refused.contains("--data"), "{refused}");
    }

    #[cfg(unix)]
    #[test]
    fn it_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let home = Home::new();
        let data = home.path().join("data");
        let _folder = Folder::take(&data).unwrap();
        assert_eq!(data.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(data.join(LOCK).metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}
