//! A spool: commits that are durable on this machine until a store elsewhere
//! has taken them.
//!
//! ```text
//! append(commit) --synced--> 0000000000000007.batch  --seal--> read --shipped(7)--> gone
//!                                    |                                    |
//!                             a record a commit                 totals: sums up to 7
//! ```
//!
//! Commits go to the end of the newest batch, one sync each. [`Spool::seal`]
//! ends that batch; from then on its bytes never change, so that whoever ships
//! it sends the same bytes on every try. Batches are shipped in order, and
//! [`Spool::shipped`] takes one away once it has arrived.
//!
//! Outcomes are sums that only rise: what was shipped is kept in `totals`, with
//! the number of the last batch in it, and is written before the batch goes. So
//! a crash between the two counts nothing twice.
//!
//! A record that a crash cut off was never acknowledged, and is cut away when
//! the spool opens. Anything else that is damaged is an error that names the
//! file: nothing is skipped in silence.

mod record;
mod file;
mod batch;
mod totals;

use std::collections::VecDeque;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Commit, DataFolder, SpoolFill, StoreError, limits};
use file::BatchFile;
use totals::read_totals;

pub use batch::{SpooledBatch, SpooledRejected};
pub use totals::SpoolTotals;

/// The file that says who has the spool.
const LOCK: &str = "spool.lock";

/// A spool, open in this process alone.
#[derive(Debug)]
pub struct Spool {
    folder: DataFolder,
    /// Bytes that all batches may have.
    most: u64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The batch that commits go to; made with its first commit.
    open: Option<BatchFile>,
    /// Sealed batches, the oldest first, with their bytes.
    sealed: VecDeque<(u64, u64)>,
    next: u64,
    totals: SpoolTotals,
}

impl Spool {
    /// Opens the spool in `folder`, which is made if it is not there. Batches
    /// of an earlier process are sealed as they are. `most` is how many bytes
    /// all batches may have.
    ///
    /// # Errors
    ///
    /// - [`StoreError::is_busy`] if another process has it open.
    /// - [`StoreError::is_damaged`] if a file has other bytes than a spool
    ///   writes.
    /// - Any other error if the folder or a file cannot be read or written.
    pub fn open(folder: &Path, most: u64) -> Result<Self, StoreError> {
        let folder = DataFolder::lock(folder, LOCK)?;
        let totals = read_totals(&folder)?;
        let mut sealed = VecDeque::new();
        for number in numbers(folder.path())? {
            let path = batch_path(folder.path(), number);
            if number <= totals.through {
                remove(&path)?;
                continue;
            }
            match file::mend(&path)? {
                0 => remove(&path)?,
                bytes => sealed.push_back((number, bytes)),
            }
        }
        let next = sealed.back().map_or(totals.through, |(number, _)| *number) + 1;
        let state = Mutex::new(State { open: None, sealed, next, totals });
        Ok(Self { folder, most, state })
    }

    /// Makes a commit durable.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not. Then nothing of it counts.
    pub fn append(&self, commit: &Commit) -> Result<(), StoreError> {
        let mut state = self.state();
        self.check_room(&state)?;
        if state.open.as_ref().is_some_and(|open| open.len() >= limits::SPOOL_BATCH_BYTES) {
            state.seal();
        }
        if state.open.is_none() {
            let number = state.next;
            state.open = Some(self.new_file(number)?);
            state.next += 1;
        }
        let Some(open) = &mut state.open else { unreachable!("it has just been made") };
        open.append(commit)
    }

    /// Whether commits can be made durable: there is room, and the folder and
    /// the file that they go to are there.
    ///
    /// # Errors
    ///
    /// Returns an error that says what is wrong and what to do.
    pub fn health(&self) -> Result<(), StoreError> {
        let state = self.state();
        self.check_room(&state)?;
        state.open.as_ref().map_or(Ok(()), BatchFile::check)?;
        fs::metadata(self.folder.path())
            .map(drop)
            .map_err(|error| StoreError::system("read", self.folder.path(), error))
    }

    /// Ends the batch that commits go to, and returns the number of the oldest
    /// one that waits; `None` if nothing does.
    pub fn seal(&self) -> Option<u64> {
        let mut state = self.state();
        state.seal();
        state.sealed.front().map(|(number, _)| *number)
    }

    /// Lets the next batch have a number above `number`, so that a batch has a
    /// higher one than all that its collector had heard of when it began.
    pub fn number_above(&self, number: u64) {
        let mut state = self.state();
        state.next = state.next.max(number.saturating_add(1));
    }

    /// The number of the oldest sealed batch, without ending the open one.
    #[must_use]
    pub fn oldest(&self) -> Option<u64> {
        self.state().sealed.front().map(|(number, _)| *number)
    }

    /// Reads a sealed batch.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read, or has other bytes than a
    /// spool writes.
    pub fn read(&self, number: u64) -> Result<SpooledBatch, StoreError> {
        file::read(&batch_path(self.folder.path(), number), number)
    }

    /// What has been shipped, and with it this batch.
    #[must_use]
    pub fn totals_with(&self, batch: &SpooledBatch) -> SpoolTotals {
        self.state().totals.with(batch)
    }

    /// Takes a batch away that has arrived: it must be the oldest one.
    ///
    /// # Errors
    ///
    /// Returns an error if the totals cannot be written, or the batch not be
    /// removed. Then it may be shipped once more.
    pub fn shipped(&self, batch: &SpooledBatch) -> Result<(), StoreError> {
        let mut state = self.state();
        let is_oldest = state.sealed.front().is_some_and(|(number, _)| *number == batch.number);
        if !is_oldest {
            return Err(StoreError::new(format!(
                "batch {} of the spool {} is not the next one",
                batch.number,
                self.folder.path().display()
            )));
        }
        let totals = state.totals.with(batch);
        totals::write(&self.folder, &totals)?;
        state.totals = totals;
        state.sealed.pop_front();
        remove(&batch_path(self.folder.path(), batch.number))
    }

    /// How much waits.
    #[must_use]
    pub fn fill(&self) -> SpoolFill {
        self.state().fill()
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn check_room(&self, state: &State) -> Result<(), StoreError> {
        let bytes = state.fill().bytes;
        if bytes < self.most {
            return Ok(());
        }
        Err(StoreError::new(format!(
            "the spool {} has {bytes} bytes that wait to be shipped, and may have no more: see why \
             nothing is shipped",
            self.folder.path().display(),
        )))
    }

    fn new_file(&self, number: u64) -> Result<BatchFile, StoreError> {
        let path = batch_path(self.folder.path(), number);
        let name = batch_name(number);
        let mut options = OpenOptions::new();
        options.append(true).create_new(true);
        let made = self.folder.open_private(&name, &mut options);
        let synced = made.and_then(|file| match self.folder.sync() {
            Ok(()) => Ok(file),
            // The next commit makes it anew.
            Err(error) => fs::remove_file(&path).and(Err(error)),
        });
        let file = synced.map_err(|error| StoreError::system("make", &path, error))?;
        BatchFile::new(file, path, number)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in it is half changed when a thread panics: each change is
        // one assignment after what can fail.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn seal(&mut self) {
        // One without a commit stays: its file is there.
        if let Some(open) = self.open.take_if(|open| open.len() > 0) {
            self.sealed.push_back((open.number(), open.len()));
        }
    }

    fn fill(&self) -> SpoolFill {
        let open = self.open.as_ref().map_or(0, BatchFile::len);
        SpoolFill {
            batches: self.sealed.len() as u64 + u64::from(open > 0),
            bytes: open + self.sealed.iter().map(|(_, bytes)| bytes).sum::<u64>(),
        }
    }
}

/// The numbers of all batches in a folder, rising.
fn numbers(folder: &Path) -> Result<Vec<u64>, StoreError> {
    let list = || -> io::Result<Vec<u64>> {
        let mut numbers = Vec::new();
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.strip_suffix(".batch"));
            numbers.extend(number.and_then(|number| number.parse::<u64>().ok()));
        }
        numbers.sort_unstable();
        Ok(numbers)
    };
    list().map_err(|error| StoreError::system("list", folder, error))
}

fn batch_name(number: u64) -> String {
    format!("{number:020}.batch")
}

fn batch_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(batch_name(number))
}

fn remove(path: &Path) -> Result<(), StoreError> {
    fs::remove_file(path).map_err(|error| StoreError::system("remove", path, error))
}

#[cfg(test)]
mod tests;
