//! The room of the shipper: the one process that may claim, seal, settle and remove.

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
use std::cell::Cell;
use std::fs::File;
use std::marker::PhantomData;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The right to ship a queue: an exclusive lock on `STEM.lock` in a folder of our own state. The
/// kernel takes it back when the process ends, however it ends; no timer does.
#[derive(Debug)]
pub struct Shipper {
    pub(crate) queue: Queue,
    lock: ShipLock,
    /// Its steps follow one another: it may move to another thread, not be used by two.
    one_thread: PhantomData<Cell<()>>,
}

impl Queue {
    /// Takes the ship lock, waiting for it at most as long as given. The folder is made if need be.
    ///
    /// # Errors
    /// [`ShipError::Held`] if another process ships; otherwise the system said no.
    pub fn shipper(&self, state_folder: &Path, wait: Duration) -> Result<Shipper, ShipError> {
        let path = self.names.lock(state_folder);
        match ShipLock::take(path.clone(), wait)? {
            Some(lock) => Ok(Shipper { queue: self.clone(), lock, one_thread: PhantomData }),
            None => Err(ShipError::Held { process: noted_process(&path) }),
        }
    }

    /// Takes the ship lock of a queue that left anything on disk, were it the lock's file alone;
    /// `None` where it left nothing, and then nothing is made. For whoever removes everything.
    ///
    /// # Errors
    /// As [`Queue::shipper`], or the folder cannot be read.
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

    /// Whether somebody ships the queue at this moment. A cheap look that makes nothing: a shipper
    /// that tries its lock in the same microsecond finds it taken, so whoever means to ship should
    /// wait a little for it.
    #[must_use]
    pub fn is_shipped(&self, state_folder: &Path) -> bool {
        platform::is_ship_locked(&self.names.lock(state_folder))
    }
}

/// What became of a claim that was to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// Every destination had every line; it is gone. The tally is of what in it was no line.
    Removed(Drops),
    /// That many lines still wait for a destination.
    Waiting(u64),
}

impl Shipper {
    /// The file of the ship lock.
    #[must_use]
    pub fn lock_path(&self) -> &Path {
        self.lock.path()
    }

    /// The open file of the ship lock, for what may outlive this process and must be waited for: a
    /// child that has it too holds the same lock until it ends.
    #[must_use]
    pub fn lock(&self) -> Option<&File> {
        self.lock.file()
    }

    /// Gives the lock back and leaves no file of it: the last step of removing everything. While it
    /// is held nobody ships; whoever waits for it notices the removal and makes a new file.
    ///
    /// # Errors
    /// The file cannot be removed.
    pub fn remove_lock(self) -> Result<(), QueueError> {
        self.lock.remove()
    }

    /// A destination's progress through a claim, to be written to.
    ///
    /// # Errors
    /// The progress file cannot be read.
    pub fn progress<'s>(
        &'s self,
        claim: &Claim,
        destination: &DestinationName,
    ) -> Result<ProgressWriter<'s>, QueueError> {
        let path = self.queue.names.progress(claim.name, destination);
        Ok(ProgressWriter { progress: claim.progress(destination)?, path, _shipper: self })
    }

    /// Removes a claim if every one of the destinations has settled every line of it. Without any
    /// destination nobody has anything, and it stays.
    ///
    /// # Errors
    /// A file cannot be read or removed.
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

    /// The claim first: its small files without it are swept up at the next claim, it without them
    /// would be shipped again. Those of other destinations are left to that sweep too: to look for
    /// them here would be to list the folder once for each of a thousand claims.
    pub(crate) fn remove(
        &self,
        claim: &Claim,
        destinations: &[DestinationName],
    ) -> Result<(), QueueError> {
        let names = &self.queue.names;
        remove(&names.claim(claim.name))?;
        remove_replaced(&names.floor(claim.name))?;
        for destination in destinations {
            remove_replaced(&names.progress(claim.name, destination))?;
        }
        Ok(())
    }
}

/// A destination's progress through a claim, in the hands of the shipper. Each change is on disk,
/// whole, before it is in memory; after an error both are as they were.
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
    /// Seals those of the lines that are free into a new batch; `None` if none of them is.
    ///
    /// # Errors
    /// The progress file cannot be written: nothing is sealed.
    pub fn seal(&mut self, lines: LineSet, now_s: u64) -> Result<Option<Batch>, QueueError> {
        let before = self.batches().len();
        self.keep(self.progress.sealed(lines, now_s))?;
        Ok(self.batches().get(before).cloned())
    }

    /// Settles lines, whole batches or parts of them, or lines that were never sealed. A batch of
    /// which nothing is left is gone; what is left of one stays sealed as it was.
    ///
    /// # Errors
    /// The progress file cannot be written: nothing is settled.
    pub fn settle(&mut self, lines: &LineSet, outcome: LineOutcome) -> Result<(), QueueError> {
        self.keep(self.progress.with_settled(lines, outcome))
    }

    /// Frees the lines of a batch, to be sealed otherwise: in halves, or some of them later.
    ///
    /// # Errors
    /// The progress file cannot be written: nothing is released.
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
