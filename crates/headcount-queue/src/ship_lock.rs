//! The ship lock: one process has it, the system releases it when that process
//! ends, and only its holder removes its file.

use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::QueueError;
use crate::limits::REOPENS;
use crate::lock_retry::try_for;
use crate::platform;
use crate::small_file::read_small;

/// The lock of `STEM.lock`, until it is dropped.
#[derive(Debug)]
pub(crate) struct ShipLock {
    /// `None` after the lock was given up.
    file: Option<File>,
    path: PathBuf,
}

impl ShipLock {
    /// Takes the lock, waiting at most `wait` for it; `None` if another process
    /// had it until then. Creates the folder if necessary.
    pub(crate) fn take(path: PathBuf, wait: Duration) -> Result<Option<ShipLock>, QueueError> {
        let folder = path.parent().unwrap_or(Path::new("."));
        platform::create_folder(folder)
            .map_err(|error| QueueError::new("create the folder", folder, error))?;
        let owned = try_for(wait, || own(&path, folder))
            .map_err(|error| QueueError::new("lock", &path, error))?;
        Ok(owned.map(|file| {
            // The process id is only for people, so an error, as on a full
            // disk, does not matter.
            let _ = note_process(&file);
            ShipLock { file: Some(file), path }
        }))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the open file; `None` after the lock was given up.
    pub(crate) fn file(&self) -> Option<&File> {
        self.file.as_ref()
    }

    /// Removes the file and gives the lock up. A process that waits for the
    /// lock notices that and opens a new file.
    pub(crate) fn remove(mut self) -> Result<(), QueueError> {
        let Some(file) = self.file.take() else { return Ok(()) };
        platform::remove_ship_lock(file, &self.path)
            .map_err(|error| QueueError::new("remove", &self.path, error))
    }
}

impl Drop for ShipLock {
    fn drop(&mut self) {
        self.file.iter().for_each(platform::unlock);
    }
}

/// Returns the id of the process that has the lock; `None` if it cannot be
/// read, as on Windows.
pub(crate) fn noted_process(path: &Path) -> Option<u32> {
    read_small(path, PROCESS_BYTES).ok()??.trim_end().parse().ok()
}

/// The bytes of a process id: at most ten digits and a newline.
const PROCESS_BYTES: u64 = 16;

fn note_process(mut lock: &File) -> io::Result<()> {
    lock.set_len(0)?;
    if platform::file_limit_bytes() < PROCESS_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    lock.write_all(format!("{}\n", std::process::id()).as_bytes())
}

/// Tries once to take the lock. The folder may have been removed with the file
/// of the last lock.
fn own(path: &Path, folder: &Path) -> Result<File, TryLockError> {
    for _ in 0..REOPENS {
        match platform::try_ship_lock(path) {
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::NotFound => {
                platform::create_folder(folder).map_err(TryLockError::Error)?;
            }
            owned => return owned,
        }
    }
    Err(TryLockError::WouldBlock)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::fs;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn take(path: &Path) -> Option<ShipLock> {
        ShipLock::take(path.to_path_buf(), Duration::ZERO).unwrap()
    }

    #[test]
    fn the_holder_has_the_lock_until_its_file_is_removed() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state").join("events.lock");
        let lock = take(&path).unwrap();
        assert_eq!(noted_process(&path), Some(std::process::id()));
        // A process that opened the file before its removal gets the lock of a
        // file without a name.
        let opened = File::open(&path).unwrap();
        assert!(take(&path).is_none());
        lock.remove().unwrap();
        assert!(!path.exists());
        opened.try_lock().unwrap();
        let next = take(&path).unwrap();
        assert!(path.exists() && take(&path).is_none());
        fs::remove_dir_all(path.parent().unwrap()).unwrap();
        assert!(take(&path).is_some(), "its folder is created again");
        next.remove().unwrap();
        assert!(path.exists(), "the file of another holder stays");
    }

    #[test]
    fn one_of_many_has_the_lock_at_a_time() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state").join("events.lock");
        let holders = AtomicU32::new(0);
        let rounds = || {
            for _ in 0..500 {
                let lock = ShipLock::take(path.clone(), Duration::from_secs(60)).unwrap().unwrap();
                assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0);
                holders.fetch_sub(1, Ordering::SeqCst);
                lock.remove().unwrap();
            }
        };
        std::thread::scope(|threads| (0..4).for_each(|_| drop(threads.spawn(rounds))));
        assert!(!path.exists());
    }
}
