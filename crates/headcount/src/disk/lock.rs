//! An exclusive lock that a file of the person's stands for.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::error::DiskError;
use super::private_file::{private, try_make_folder};
use crate::limits;

/// An exclusive lock, held until it is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    file: File,
    path: PathBuf,
}

/// Waits for the lock that a file stands for, two seconds at most: who holds it may
/// have been stopped. Makes the file where it is not there. A file that was
/// removed meanwhile locks nobody out, so that one is opened anew.
///
/// # Errors
///
/// What the system says, or that another process holds it.
pub(crate) fn hold(path: &Path) -> Result<Held, DiskError> {
    hold_within(path, limits::CHANGE_WAIT).map_err(|error| DiskError::new(path, error))
}

fn hold_within(path: &Path, wait: Duration) -> io::Result<Held> {
    use io::ErrorKind::{AlreadyExists, NotFound, ResourceBusy};

    let mut problem = ResourceBusy.into();
    for _ in 0..limits::LOCK_TRIES {
        match lock_file(path) {
            // Its folder was removed just now, by the one who held it; or a file
            // stands there, for good.
            Err(error) if matches!(error.kind(), NotFound | AlreadyExists) => problem = error,
            Err(error) => return Err(error),
            Ok(file) => {
                try_for(&file, wait)?;
                if is_linked(&file)? {
                    return Ok(Held { file, path: path.to_path_buf() });
                }
            }
        }
    }
    Err(problem)
}

/// The system's own wait has no bound.
fn try_for(file: &File, wait: Duration) -> io::Result<()> {
    let started = Instant::now();
    let mut pause = limits::CHANGE_PAUSE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if started.elapsed() >= wait => {
                return Err(io::ErrorKind::ResourceBusy.into());
            }
            Err(TryLockError::WouldBlock) => {
                thread::sleep(pause);
                pause = (pause * 2).min(limits::CHANGE_PAUSE_LONGEST);
            }
        }
    }
}

impl Held {
    /// Removes the file and, if nothing else is in it, its folder: where the
    /// answer is off nothing of ours stays. What is in use stays.
    pub(crate) fn remove(self) {
        let _ = fs::remove_file(&self.path);
        if let Some(folder) = self.path.parent() {
            let _ = fs::remove_dir(folder);
        }
        drop(self.file);
    }
}

/// What becomes of a lock's file that is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// It is made, 0600.
    IsMade,
    /// It is not.
    IsLeft,
}

/// Opens a lock's file: a regular file, no link, and nothing that could keep one waiting.
///
/// # Errors
///
/// What the system says, or what stands there instead.
pub(crate) fn open(path: &Path, missing: Missing) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(missing == Missing::IsMade).truncate(false);
    private(&mut options);
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        let sentence = format!("{} is not a regular file; remove it", path.display());
        return Err(io::Error::other(sentence));
    }
    Ok(file)
}

fn lock_file(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        try_make_folder(folder)?;
    }
    open(path, Missing::IsMade)
}

/// Whether a file that is open still has a name: one that was removed locks nobody out.
#[cfg(unix)]
pub(crate) fn is_linked(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;

    Ok(file.metadata()?.nlink() > 0)
}

/// Windows does not reuse a name while a handle is open.
#[cfg(not(unix))]
pub(crate) fn is_linked(_file: &File) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_testkit::Home;

    #[test]
    fn who_holds_it_for_too_long_is_not_waited_for() {
        let home = Home::new();
        let path = home.path().join("state/change.lock");
        let held = hold(&path).unwrap();
        let error = hold_within(&path, Duration::ZERO).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ResourceBusy);
        let error = DiskError::new(&path, error);
        assert!(error.is_busy() && error.to_string().contains("has held it for too long"));
        drop(held);
        hold_within(&path, Duration::ZERO).unwrap().remove();
        assert!(!path.exists() && !home.path().join("state").exists());
    }
}
