//! Folders that only the person may use, on Unix.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use crate::limits::REOPENS;

/// For the owner only.
const FOLDER_MODE: u32 = 0o700;

/// Creates a folder and its parents, which only the person may use. An existing
/// folder is not changed. One that somebody removes at the same moment is
/// created again.
///
/// # Errors
///
/// Returns the error of the system.
pub fn create_private_folder(path: &Path) -> io::Result<()> {
    let create = || DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path);
    for _ in 1..REOPENS {
        match create() {
            // It was there and is not, or one of its parents is not any more.
            Err(error) if is_of_a_moment(&error) && is_missing(path) => {}
            created => return created,
        }
    }
    create()
}

fn is_of_a_moment(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound)
}

fn is_missing(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use tempfile::tempdir;

    use super::*;

    #[test]
    fn a_folder_that_is_removed_at_the_same_moment_is_created() {
        let home = tempdir().expect("a folder");
        let folder = home.path().join("folder");
        let is_over = AtomicBool::new(false);
        thread::scope(|threads| {
            threads.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let _ = fs::remove_dir(&folder);
                }
            });
            let created: io::Result<()> =
                (0..50_000).try_for_each(|_| create_private_folder(&folder));
            is_over.store(true, Ordering::Relaxed);
            created.expect("it is created");
        });
    }

    #[test]
    fn what_is_in_the_way_is_an_error() {
        let home = tempdir().expect("a folder");
        let file = home.path().join("file");
        fs::write(&file, "").expect("a file");
        let error = create_private_folder(&file).expect_err("a file is there");
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert!(create_private_folder(&file.join("folder")).is_err());
    }
}
