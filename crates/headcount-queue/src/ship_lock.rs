//! The room of the ship lock: one process has it, the system takes it back from the dead, and only
//! whoever has it removes its file.

use crate::error::QueueError;
use crate::limits::REOPENS;
use crate::lock_retry::try_for;
use crate::platform;
use crate::small_file::read_small;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The lock of `STEM.lock`, until it is dropped.
#[derive(Debug)]
pub(crate) struct ShipLock {
    /// `None` once it was given back.
    file: Option<File>,
    path: PathBuf,
}

impl ShipLock {
    /// Takes it, waiting at most as long as given; `None` if another process had it until then. The
    /// folder is made if need be.
    pub(crate) fn take(path: PathBuf, wait: Duration) -> Result<Option<ShipLock>, QueueError> {
        let folder = path.parent().unwrap_or(Path::new("."));
        platform::create_folder(folder)
            .map_err(|error| QueueError::new("create the folder", folder, error))?;
        let owned = try_for(wait, || own(&path, folder))
            .map_err(|error| QueueError::new("lock", &path, error))?;
        Ok(owned.map(|file| {
            // For people: on a full disk it is missing, and everything else goes on.
            let _ = note_process(&file);
            ShipLock { file: Some(file), path }
        }))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// `None` once it was given back.
    pub(crate) fn file(&self) -> Option<&File> {
        self.file.as_ref()
    }

    /// Removes the lock's file, then gives the lock back. Whoever waits for it notices, and opens
    /// anew.
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

/// Who has the lock, as noted for people; where it cannot be read (Windows), nobody knows.
pub(crate) fn noted_process(path: &Path) -> Option<u32> {
    read_small(path, PROCESS_BYTES).ok()??.trim_end().parse().ok()
}

/// Ten digits of an id and a newline, with room.
const PROCESS_BYTES: u64 = 16;

fn note_process(mut lock: &File) -> io::Result<()> {
    lock.set_len(0)?;
    if platform::file_limit_bytes() < PROCESS_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    lock.write_all(format!("{}\n", std::process::id()).as_bytes())
}

/// One try. The folder may have gone with the last lock's file.
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
    fn who_removes_its_file_has_it_until_it_is_gone() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state").join("events.lock");
        let lock = take(&path).unwrap();
        assert_eq!(noted_process(&path), Some(std::process::id()));
        // Whoever opened it before the removal gets the lock of a file without a name.
        let opened = File::open(&path).unwrap();
        assert!(take(&path).is_none());
        lock.remove().unwrap();
        assert!(!path.exists());
        opened.try_lock().unwrap();
        let next = take(&path).unwrap();
        assert!(path.exists() && take(&path).is_none());
        fs::remove_dir_all(path.parent().unwrap()).unwrap();
        assert!(take(&path).is_some(), "its folder is made again");
        next.remove().unwrap();
        assert!(path.exists(), "another's file of the same name stays");
    }

    #[test]
    fn of_many_that_wait_and_remove_it_one_at_a_time_has_it() {
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
