//! Exclusive locks on files, which all processes of the person share.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::error::{Cause, DiskError};
use super::in_use;
use super::opened::{open_or_create, private};
use super::paths::{Paths, Place};
use super::private_file::try_make_folder;
use crate::limits;

pub(crate) use super::opened::is_linked;

/// An exclusive lock, held until it is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    file: File,
    path: PathBuf,
}

/// On which terms something is created that only a yes allows: an id, an
/// agreement, a segment.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    /// How long the lock is waited for.
    pub(crate) patience: Patience,
    /// Whether it is still allowed. It is asked under the lock, which an `off`
    /// takes too: what is created then is older than the no, or not created.
    pub(crate) is_still_on: &'a dyn Fn() -> bool,
}

/// How long a lock is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// A person waits for their command.
    Person,
    /// A shipper writes what it may do without: not for long, and not beyond
    /// what is left of its lifetime.
    Shipper {
        /// What is left.
        left: Duration,
    },
    /// A hook notes what it was called for: its caller waits, but not for a
    /// screen.
    Hook,
    /// A host records: a millisecond, and only once, or each of its records
    /// would wait for the same stopped process.
    Host,
}

/// Whether this process has waited for a lock in vain.
static WAITED: AtomicBool = AtomicBool::new(false);

impl Terms<'_> {
    /// Takes the lock of changes, and asks under it. Where a variable moved the
    /// folder, an `off` without it takes that of the usual place, so this takes
    /// both, in the same order; the usual place need not be writable.
    ///
    /// # Errors
    ///
    /// Those of [`hold`]. Also returns an error if it is not allowed any more;
    /// then the lock has left nothing.
    pub(crate) fn hold(&self, paths: &Paths) -> Result<HeldForCreation, DiskError> {
        // A product's folder that is not there is not made for it.
        let is_there = |usual: &&Place| usual.state.parent().is_some_and(Path::is_dir);
        let usual = paths.usual.as_ref().filter(is_there);
        let usual = usual.and_then(|usual| self.one(&usual.lock()).ok());
        let held = match usual {
            Some(held) if held.is_at(&paths.lock()) => {
                HeldForCreation { usual: None, here: Some(held) }
            }
            usual => HeldForCreation { usual, here: Some(self.one(&paths.lock())?) },
        };
        if (self.is_still_on)() {
            return Ok(held);
        }
        held.remove();
        Err(DiskError::new(&paths.lock(), Cause::TurnedOff))
    }

    fn one(&self, path: &Path) -> Result<Held, DiskError> {
        match self.patience {
            Patience::Person => hold(path),
            Patience::Shipper { left } => {
                let wait = left.min(limits::SENT_WAIT);
                hold_within(path, wait).map_err(|error| DiskError::new(path, error))
            }
            Patience::Hook => hold_for(path, limits::NOTES_WAIT),
            Patience::Host => {
                let waited = WAITED.load(Ordering::Relaxed);
                let wait = if waited { Duration::ZERO } else { limits::RECORD_WAIT };
                hold_within(path, wait).map_err(|error| {
                    if error.kind() == io::ErrorKind::WouldBlock {
                        WAITED.store(true, Ordering::Relaxed);
                    }
                    DiskError::new(path, error)
                })
            }
        }
    }
}

/// The locks under which something is created. That of the usual place, if it
/// is another, leaves no file there.
#[derive(Debug)]
pub(crate) struct HeldForCreation {
    usual: Option<Held>,
    here: Option<Held>,
}

impl HeldForCreation {
    /// Whether this includes the lock at a path.
    pub(crate) fn holds(&self, path: &Path) -> bool {
        [&self.usual, &self.here].into_iter().flatten().any(|held| held.is_at(path))
    }

    fn remove(mut self) {
        if let Some(here) = self.here.take() {
            here.remove();
        }
    }
}

impl Drop for HeldForCreation {
    fn drop(&mut self) {
        if let Some(usual) = self.usual.take() {
            usual.remove();
        }
    }
}

/// Takes the lock of a file, and creates the file if it does not exist. Waits
/// two seconds at most: its holder may be a stopped process. A file that was
/// removed meanwhile locks nobody out, so it is opened again.
///
/// # Errors
///
/// Returns an error if the file cannot be opened or locked, or if another
/// process holds it for too long.
pub(crate) fn hold(path: &Path) -> Result<Held, DiskError> {
    hold_within(path, limits::CHANGE_WAIT).map_err(|error| DiskError::new(path, error))
}

/// The same, waiting for this long.
///
/// # Errors
///
/// Those of [`hold`].
pub(crate) fn hold_for(path: &Path, wait: Duration) -> Result<Held, DiskError> {
    hold_within(path, wait).map_err(|error| DiskError::new(path, error))
}

fn hold_within(path: &Path, wait: Duration) -> io::Result<Held> {
    use io::ErrorKind::{AlreadyExists, NotFound, WouldBlock};

    let mut problem = WouldBlock.into();
    let started = Instant::now();
    for _ in 0..limits::LOCK_TRIES {
        // Where nothing can be created at all, each try may take long.
        if started.elapsed() >= limits::CHANGE_WAIT {
            break;
        }
        match lock_file(path) {
            // The holder removed the folder just now, or the path is a file for
            // good.
            Err(error) if matches!(error.kind(), NotFound | AlreadyExists) => problem = error,
            Err(error) => return Err(error),
            Ok(file) => {
                try_for(&file, wait)?;
                if is_linked(&file, path)? {
                    return Ok(Held { file, path: path.to_path_buf() });
                }
            }
        }
    }
    Err(problem)
}

/// Tries until the limit: the system's own wait has no limit.
fn try_for(file: &File, wait: Duration) -> io::Result<()> {
    let started = Instant::now();
    let mut pause = limits::CHANGE_PAUSE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if started.elapsed() >= wait => {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            Err(TryLockError::WouldBlock) => {
                thread::sleep(pause);
                pause = (pause * 2).min(limits::CHANGE_PAUSE_LONGEST);
            }
        }
    }
}

/// Takes the locks of several files, in this order. Two paths can be one file,
/// by a link or by a spelling that the file system does not tell apart: its
/// lock is taken once.
///
/// # Errors
///
/// Those of [`hold`].
pub(crate) fn hold_all(paths: impl IntoIterator<Item = PathBuf>) -> Result<Vec<Held>, DiskError> {
    let mut all: Vec<Held> = Vec::new();
    for path in paths {
        if !all.iter().any(|held| held.is_at(&path)) {
            all.push(hold(&path)?);
        }
    }
    Ok(all)
}

impl Held {
    /// Whether this is the lock of the file at a path.
    fn is_at(&self, path: &Path) -> bool {
        let is_same = || Some(fs::canonicalize(&self.path).ok()? == fs::canonicalize(path).ok()?);
        self.path == path || is_same() == Some(true)
    }

    /// Removes the file, and its folder if that is empty: while telemetry is
    /// off, none of our files stay. Files in use stay.
    pub(crate) fn remove(self) {
        // The name goes while the lock is held. Where the system keeps it until
        // the file is closed, the folder is empty only then.
        let path = self.path.clone();
        let _ = fs::remove_file(&path);
        drop(self);
        if let Some(folder) = path.parent() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Ends the lock, which closing the file does not where another thread has
/// forked meanwhile: the new process has the file open too, for its life.
impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

/// What to do with a lock's file that does not exist.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Create it with mode 0600.
    IsMade,
    /// Do not create it.
    IsLeft,
}

/// Opens a lock's file. It must be a regular file and not a link, and opening
/// it never blocks.
///
/// # Errors
///
/// Returns an error if the file cannot be opened or is not a regular file.
pub(crate) fn open(path: &Path, missing: Missing) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).truncate(false);
    private(&mut options);
    let file = in_use::open(path, || match missing {
        Missing::IsMade => open_or_create(&options, path),
        Missing::IsLeft => options.open(path),
    })?;
    if !file.metadata()?.is_file() {
        let sentence = format!("{} is not a regular file: delete it", path.display());
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

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_testkit::Home;

    #[test]
    fn two_names_of_one_lock_are_taken_once() {
        let home = Home::new();
        std::fs::create_dir(home.path().join("state")).unwrap();
        let path = home.path().join("state/change.lock");
        let other = home.path().join("state/../state/change.lock");
        let held = hold_all([path.clone(), other.clone(), path]).unwrap();
        assert_eq!(held.len(), 1);
        drop(held);
        #[cfg(windows)]
        {
            let other = home.path().join("STATE/Change.Lock");
            assert_eq!(hold_all([home.path().join("state/change.lock"), other]).unwrap().len(), 1);
        }
    }

    #[test]
    fn who_holds_it_for_too_long_is_not_waited_for() {
        let home = Home::new();
        let path = home.path().join("state/change.lock");
        let held = hold(&path).unwrap();
        let error = hold_within(&path, Duration::ZERO).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
        let error = DiskError::new(&path, error);
        assert!(error.is_busy() && error.to_string().contains("has held this lock for too long"));
        drop(held);
        hold_within(&path, Duration::ZERO).unwrap().remove();
        assert!(!path.exists() && !home.path().join("state").exists());
    }

    /// A new process that another thread forks has the lock's file open.
    #[test]
    fn a_lock_ends_although_its_file_is_open_elsewhere() {
        let home = Home::new();
        let path = home.path().join("state/change.lock");
        let held = hold(&path).unwrap();
        let elsewhere = held.file.try_clone().unwrap();
        drop(held);
        drop(hold_within(&path, Duration::ZERO).unwrap());
        drop(elsewhere);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_of_another_name_locks_nobody_out() {
        let home = Home::new();
        let path = home.path().join("state/change.lock");
        let held = hold(&path).unwrap();
        fs::rename(&path, home.path().join("moved")).unwrap();
        let other = hold_within(&path, Duration::ZERO).unwrap();
        assert!(!is_linked(&held.file, &path).unwrap() && is_linked(&other.file, &path).unwrap());
    }
}
