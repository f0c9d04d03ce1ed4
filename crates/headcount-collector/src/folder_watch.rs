//! Whether the data folder and its files are still those of the start.
//!
//! A file that was removed can still be written until it is closed. Nothing
//! that is written then is there after the next start.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// The files in the data folder that are never replaced. A store may have
/// others. The last one is in the folder of the commits that wait for a store
/// elsewhere, as long as that folder is there.
const FILES: [&str; 3] = ["secret", "headcount.db", "spool/spool.lock"];

/// The data folder and the files in it, as they were at the start.
#[derive(Debug)]
pub(crate) struct FolderWatch {
    folder: PathBuf,
    files: Vec<(PathBuf, FileIdentity)>,
}

/// Which file a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileIdentity {
    /// Device and inode on Unix; elsewhere the time of its creation, in
    /// nanoseconds since 1970.
    number: (u64, u128),
}

/// The folder or a file in it is not there any more, or is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FolderGone;

impl FolderWatch {
    /// Remembers the folder, and those of its files that exist.
    pub(crate) fn new(folder: &Path) -> io::Result<Self> {
        let mut files = vec![(folder.to_path_buf(), identity(folder)?)];
        for name in FILES {
            let path = folder.join(name);
            match identity(&path) {
                Ok(identity) => files.push((path, identity)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self { folder: folder.to_path_buf(), files })
    }

    /// Looks at all of them again. An error that is not about the file, such as
    /// that the system has no memory left, is not an answer.
    pub(crate) fn check(&self) -> Result<(), FolderGone> {
        let is_there = |(path, known): &(PathBuf, FileIdentity)| match identity(path) {
            Ok(identity) => identity == *known,
            Err(error) => {
                !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
            }
        };
        if self.files.iter().all(is_there) { Ok(()) } else { Err(FolderGone) }
    }

    /// What to tell the operator if it is gone.
    pub(crate) fn message(&self) -> String {
        format!(
            "the data folder {} or a file in it was removed or replaced, so nothing is acknowledged \
             any more: put it back, or restart the collector on a folder that may be new",
            self.folder.display()
        )
    }
}

fn identity(path: &Path) -> io::Result<FileIdentity> {
    fs::metadata(path).and_then(|metadata| number(&metadata)).map(|number| FileIdentity { number })
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn number(metadata: &Metadata) -> io::Result<(u64, u128)> {
    use std::os::unix::fs::MetadataExt as _;

    Ok((metadata.dev(), metadata.ino().into()))
}

#[cfg(not(unix))]
fn number(metadata: &Metadata) -> io::Result<(u64, u128)> {
    let created = metadata.created()?.duration_since(std::time::UNIX_EPOCH);
    Ok((0, created.map_or(0, |since| since.as_nanos())))
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    fn watched() -> (Home, FolderWatch) {
        let home = Home::new();
        home.write("data/secret", "secret");
        home.write("data/headcount.db", "events");
        home.write("data/spool/spool.lock", "");
        let watch = FolderWatch::new(&home.path().join("data")).unwrap();
        assert_eq!(watch.check(), Ok(()));
        (home, watch)
    }

    #[test]
    fn what_is_removed_moved_or_replaced_is_noticed() {
        let changes: [fn(&Path); 5] = [
            |data| fs::remove_dir_all(data).unwrap(),
            |data| fs::rename(data, data.with_extension("old")).unwrap(),
            |data| fs::remove_file(data.join("headcount.db")).unwrap(),
            |data| fs::rename(data.join("spool"), data.join("spool.old")).unwrap(),
            |data| {
                // The old file stays, so that the new one is another.
                fs::rename(data.join("secret"), data.join("secret.old")).unwrap();
                fs::write(data.join("secret"), "secret").unwrap();
            },
        ];
        for change in changes {
            let (home, watch) = watched();
            change(&home.path().join("data"));
            assert_eq!(watch.check(), Err(FolderGone));
        }
    }

    #[test]
    fn other_files_and_other_contents_are_not_its_business() {
        let (home, watch) = watched();
        home.write("data/headcount.db", "more events");
        home.write("data/headcount.db-wal", "");
        home.write("data/spool/00000000000000000001.batch", "");
        assert_eq!(watch.check(), Ok(()));
    }
}
