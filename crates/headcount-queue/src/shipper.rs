//! The shipper: the only process that may claim, seal, settle and remove.

use std::cell::Cell;
use std::fs::File;
use std::marker::PhantomData;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::claim::Claim;
use crate::destination_name::DestinationName;
use crate::drops::Drops;
use crate::error::{QueueError, ShipError};
use crate::line_set::LineSet;
use crate::platform;
use crate::progress::{Batch, LineOutcome, Progress};
use crate::queue::Queue;
use crate::ship_lock::{ShipLock, noted_process};
use crate::small_file::{remove, remove_replaced, replace};

/// The right to ship a queue: an exclusive lock on `STEM.lock` in the state
/// folder. The kernel releases it when the process ends, however it ends.
#[derive(Debug)]
pub struct Shipper {
    pub(crate) queue: Queue,
    lock: ShipLock,
    /// A shipper may move to another thread, but two threads may not use it at
    /// the same time.
    one_thread: PhantomData<Cell<()>>,
}

impl Queue {
    /// Takes the ship lock, waiting at most `wait` for it. Creates the state
    /// folder if necessary.
    ///
    /// # Errors
    ///
    /// - [`ShipError::Held`] if another process is shipping until the wait is
    ///   over.
    /// - [`ShipError::Failed`] if the file or the folder of the lock cannot be
    ///   used.
    pub fn shipper(&self, state_folder: &Path, wait: Duration) -> Result<Shipper, ShipError> {
        let path = self.names.lock(state_folder);
        match ShipLock::take(path.clone(), wait)? {
            Some(lock) => Ok(Shipper { queue: self.clone(), lock, one_thread: PhantomData }),
            None => Err(ShipError::Held { process: noted_process(&path) }),
        }
    }

    /// Takes the ship lock if the queue has any file, even if it is only that
    /// of the lock. Otherwise returns `None` and creates nothing. To be used
    /// for removing everything.
    ///
    /// # Errors
    ///
    /// The same as [`Queue::shipper`]; also if the folder cannot be read.
    pub fn shipper_if_used(
        &self,
        state_folder: &Path,
        wait: Duration,
    ) -> Result<Option<Shipper>, ShipError> {
        let lock = self.names.lock(state_folder);
        if self.names.list()?.is_empty() && lock.symlink_metadata().is_err() {
            return Ok(None);
        }
        self.shipper(state_folder, wait).map(Some)
    }

    /// Whether another process is shipping the queue. This is cheap and creates
    /// nothing. It locks the file for a microsecond, so a process that wants to
    /// ship should wait a little for the lock.
    #[must_use]
    pub fn is_shipped(&self, state_folder: &Path) -> bool {
        platform::is_ship_locked(&self.names.lock(state_folder))
    }
}

/// The result of removing a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// Every destination has every line, so the claim was removed. Contains
    /// what was skipped in it.
    Removed(Drops),
    /// The number of lines that are still waiting for a destination.
    Waiting(u64),
}

impl Shipper {
    /// Returns the path of the ship lock.
    #[must_use]
    pub fn lock_path(&self) -> &Path {
        self.lock.path()
    }

    /// Returns the open file of the ship lock. A child process that inherits it
    /// holds the same lock until it ends.
    #[must_use]
    pub fn lock(&self) -> Option<&File> {
        self.lock.file()
    }

    /// Gives the lock up and removes its file, as the last step of removing
    /// everything. A process that waits for the lock notices the removal and
    /// creates a new file.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the file cannot be removed.
    pub fn remove_lock(self) -> Result<(), QueueError> {
        self.lock.remove()
    }

    /// Returns the progress of a destination through a claim, for changing it.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the progress file cannot be read.
    pub fn progress<'s>(
        &'s self,
        claim: &Claim,
        destination: &DestinationName,
    ) -> Result<ProgressWriter<'s>, QueueError> {
        let path = self.queue.names.progress(claim.name, destination);
        Ok(ProgressWriter { progress: claim.progress(destination)?, path, _shipper: self })
    }

    /// Removes a claim if every destination has settled every line of it: the
    /// given ones, and those that have begun with it ([`Claim::begun`]).
    /// Without destinations the claim stays.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if a file cannot be read or removed.
    pub fn remove_when_settled(
        &self,
        claim: &Claim,
        destinations: &[DestinationName],
    ) -> Result<Removal, QueueError> {
        let waiting = claim.lacking(destinations)?.count(claim.lines()?)?;
        if waiting.lines > 0 {
            return Ok(Removal::Waiting(waiting.lines));
        }
        self.remove(claim, destinations)?;
        Ok(Removal::Removed(waiting.skipped))
    }

    /// Removes a claim, then its small files: without its small files, a claim
    /// would be shipped again, while small files without a claim are removed at
    /// the next claiming.
    pub(crate) fn remove(
        &self,
        claim: &Claim,
        destinations: &[DestinationName],
    ) -> Result<(), QueueError> {
        let names = &self.queue.names;
        remove(&names.claim(claim.name))?;
        remove_replaced(&names.floor(claim.name))?;
        for destination in destinations.iter().chain(&claim.begun) {
            remove_replaced(&names.progress(claim.name, destination))?;
        }
        Ok(())
    }
}

/// The progress of a destination through a claim, for the shipper to change.
/// Each change is on disk before it is in memory. After an error both are as
/// they were.
#[derive(Debug)]
pub struct ProgressWriter<'s> {
    progress: Progress,
    path: PathBuf,
    _shipper: &'s Shipper,
}

impl Deref for ProgressWriter<'_> {
    type Target = Progress;

    fn deref(&self) -> &Progress {
        &self.progress
    }
}

impl ProgressWriter<'_> {
    /// Seals those of the lines that are free into a new batch; `None` if none
    /// is free.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the progress file cannot be written. Nothing
    /// is sealed then.
    pub fn seal(&mut self, lines: LineSet, now_s: u64) -> Result<Option<Batch>, QueueError> {
        let before = self.batches().len();
        self.keep(self.progress.sealed(lines, now_s))?;
        Ok(self.batches().get(before).cloned())
    }

    /// Settles lines, whether they are a batch, a part of one, or were never
    /// sealed. The rest of a batch stays sealed. A batch without lines is
    /// removed.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the progress file cannot be written. Nothing
    /// is settled then.
    pub fn settle(&mut self, lines: &LineSet, outcome: LineOutcome) -> Result<(), QueueError> {
        self.keep(self.progress.with_settled(lines, outcome))
    }

    /// Frees the lines of a batch, so that they can be sealed in other batches,
    /// such as its halves.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the progress file cannot be written. Nothing
    /// is released then.
    pub fn release(&mut self, batch: u64) -> Result<(), QueueError> {
        self.keep(self.progress.released(batch))
    }

    fn keep(&mut self, after: Progress) -> Result<(), QueueError> {
        if after != self.progress {
            replace(&self.path, &after.text())?;
            self.progress = after;
        }
        Ok(())
    }
}
