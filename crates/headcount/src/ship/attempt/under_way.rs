//! Requests outside the queue's ship lock: a farewell, or a record sent from
//! memory. Each holds a shared lock while it is under way, so that an `off` can
//! wait for it: nothing leaves after `off` has returned.

use std::fs::{File, TryLockError};
use std::io;
use std::thread;
use std::time::Instant;

use crate::disk::error::DiskError;
use crate::disk::lock::{Missing, is_linked, open};
use crate::disk::private_file;
use crate::{Paths, limits};

/// A request that is under way until this is dropped.
#[derive(Debug)]
pub(super) struct UnderWay {
    lock: File,
}

impl UnderWay {
    /// The lock, for a transport whose request can outlive this process.
    pub(super) fn lock(&self) -> &File {
        &self.lock
    }
}

/// Takes the shared lock for a request. The caller must ask for consent after
/// this.
///
/// # Errors
///
/// Returns an error if the lock cannot be taken.
pub(super) fn begin(paths: &Paths) -> Result<UnderWay, DiskError> {
    private_file::make_folder(&paths.state_folder)?;
    try_begin(paths).map_err(|error| DiskError::new(&paths.sending(), error))
}

fn try_begin(paths: &Paths) -> io::Result<UnderWay> {
    for _ in 0..limits::LOCK_TRIES {
        let lock = open(&paths.sending(), Missing::IsMade)?;
        lock.lock_shared()?;
        // Nobody waits for a file that was removed meanwhile.
        if is_linked(&lock, &paths.sending())? {
            return Ok(UnderWay { lock });
        }
    }
    Err(io::ErrorKind::WouldBlock.into())
}

/// Whether the state folder can be written: as a request would, by its lock.
///
/// # Errors
///
/// Returns why it cannot.
pub(crate) fn can_be_written(paths: &Paths) -> Result<(), DiskError> {
    begin(paths).map(drop)
}

/// While this lives, no request is under way and none begins, if the lock's
/// file existed. Its holder may remove that file.
#[derive(Debug)]
pub(crate) struct Still {
    _lock: Option<File>,
}

/// Waits until all requests that began before have ended. Creates nothing.
///
/// # Errors
///
/// Returns an error if a request does not end in time, or if the lock cannot be
/// taken.
pub(crate) fn wait_for_all(paths: &Paths) -> Result<Still, DiskError> {
    try_wait(paths).map_err(|error| DiskError::new(&paths.sending(), error))
}

fn try_wait(paths: &Paths) -> io::Result<Still> {
    let file = match open(&paths.sending(), Missing::IsLeft) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Still { _lock: None }),
        file => file?,
    };
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Still { _lock: Some(file) }),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if start.elapsed() < limits::SHIPPER_WAIT => {
                thread::sleep(limits::SENDING_PAUSE);
            }
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::other("a request is still under way"));
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::process::Command;

    use headcount_testkit::Home;

    use super::*;

    fn is_waited_for(paths: &Paths) -> bool {
        let file = open(&paths.sending(), Missing::IsLeft).expect("the lock's file");
        matches!(file.try_lock(), Err(TryLockError::WouldBlock))
    }

    #[test]
    fn a_request_is_waited_for_until_it_ends() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        wait_for_all(&paths).unwrap();
        assert_eq!(home.tree(), [], "waiting makes nothing");
        let (one, other) = (begin(&paths).unwrap(), begin(&paths).unwrap());
        drop(one);
        assert!(is_waited_for(&paths));
        drop(other);
        wait_for_all(&paths).unwrap();
    }

    /// It was open already when somebody else removed it: told by the kernel,
    /// which lists who waits for a lock.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_lock_that_was_removed_meanwhile_is_none() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        drop(begin(&paths).unwrap());
        let still = wait_for_all(&paths).unwrap();
        std::thread::scope(|scope| {
            let begun = scope.spawn(|| begin(&paths).unwrap());
            let own = std::process::id().to_string();
            let inode = {
                use std::os::unix::fs::MetadataExt as _;
                format!(":{}", fs::metadata(paths.sending()).unwrap().ino())
            };
            let waits = |line: &str| {
                let words: Vec<&str> = line.split_whitespace().collect();
                let is_it = |word: &&str| word.ends_with(&inode);
                words.contains(&"->") && words.contains(&own.as_str()) && words.iter().any(is_it)
            };
            let end = Instant::now() + std::time::Duration::from_secs(30);
            while !fs::read_to_string("/proc/locks").unwrap().lines().any(waits) {
                assert!(Instant::now() < end && !begun.is_finished(), "it did not wait");
                thread::yield_now();
            }
            fs::remove_file(paths.sending()).unwrap();
            drop(still);
            let begun = begun.join().expect("no panic");
            assert!(is_waited_for(&paths));
            drop(begun);
        });
    }

    #[test]
    fn what_is_no_file_of_ours_keeps_nobody_waiting_and_lets_nothing_leave() {
        let home = Home::new();
        let paths = Paths::in_tests(&home);
        fs::create_dir_all(&paths.state_folder).unwrap();
        let other = home.write("other", "");
        std::os::unix::fs::symlink(&other, paths.sending()).unwrap();
        assert!(begin(&paths).is_err());
        assert!(wait_for_all(&paths).is_err());
        fs::remove_file(paths.sending()).unwrap();
        assert!(Command::new("mkfifo").arg(paths.sending()).status().unwrap().success());
        assert!(begin(&paths).is_err());
        let said = wait_for_all(&paths).expect_err("it is no file").to_string();
        assert!(said.contains("sending.lock"), "{said}");
    }
}
