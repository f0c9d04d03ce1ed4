//! The file of a batch: commits are written to its end, and read once it is
//! sealed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::batch::SpooledBatch;
use super::record::{Front, MAGIC, after_magic, encoded};
use crate::block::Damage;
use crate::file_identity::FileIdentity;
use crate::{Commit, RowSchema, StoreError};

/// A batch that is still written.
#[derive(Debug)]
pub(super) struct BatchFile {
    file: File,
    path: PathBuf,
    identity: FileIdentity,
    number: u64,
    /// Bytes that are synced. What lies behind is of a commit that failed.
    length: u64,
    /// Schemas that are in the file, by their numbers.
    schemas: Vec<Arc<RowSchema>>,
    /// Whether bytes of a commit that failed may lie behind the end.
    is_torn: bool,
}

impl BatchFile {
    /// A file that is new and empty.
    pub(super) fn new(file: File, path: PathBuf, number: u64) -> Result<Self, StoreError> {
        let identity = FileIdentity::of(path.clone())?;
        Ok(Self { file, path, identity, number, length: 0, schemas: Vec::new(), is_torn: false })
    }

    /// Whether what is written to the file is found by whoever ships it.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        self.identity.check()
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Bytes of commits that are durable.
    pub(super) fn len(&self) -> u64 {
        self.length
    }

    /// Writes a commit and syncs it.
    pub(super) fn append(&mut self, commit: &Commit) -> Result<(), StoreError> {
        self.check()?;
        if self.is_torn {
            self.cut()?;
        }
        let mut schemas = self.schemas.clone();
        let mut bytes = if self.length == 0 { MAGIC.to_vec() } else { Vec::new() };
        bytes.extend_from_slice(&encoded(commit, &mut schemas));
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            self.is_torn = true;
            // If this fails too, the next commit tries it again, and a crash
            // before that leaves a record that may be whole: then an event
            // counts that its sender sends again, under the same id.
            let _ = self.cut();
            return Err(StoreError::system("write", &self.path, error));
        }
        self.length += bytes.len() as u64;
        self.schemas = schemas;
        Ok(())
    }

    /// Takes away what a failed commit has left.
    fn cut(&mut self) -> Result<(), StoreError> {
        self.file
            .set_len(self.length)
            .and_then(|()| self.file.sync_data())
            .map_err(|error| StoreError::system("write", &self.path, error))?;
        self.is_torn = false;
        Ok(())
    }
}

/// Cuts away a record that a crash has left half. Returns the bytes of the file
/// after that.
pub(super) fn mend(path: &Path) -> Result<u64, StoreError> {
    let failed = |error| StoreError::system("read", path, error);
    let bytes = fs::read(path).map_err(failed)?;
    let whole = whole(&bytes).map_err(|damage| damaged(path, damage))?;
    if whole < bytes.len() {
        OpenOptions::new()
            .write(true)
            .open(path)
            .and_then(|file| file.set_len(whole as u64).and_then(|()| file.sync_all()))
            .map_err(|error| StoreError::system("write", path, error))?;
    }
    Ok(whole as u64)
}

/// How many bytes are of whole records, with what comes before them.
fn whole(bytes: &[u8]) -> Result<usize, Damage> {
    if bytes.len() < MAGIC.len() {
        return Ok(0);
    }
    let mut rest = after_magic(bytes)?;
    while !rest.is_empty() {
        match Front::of(rest)? {
            Front::Whole(_, after) => rest = after,
            Front::Torn => break,
        }
    }
    let whole = bytes.len() - rest.len();
    Ok(if whole == MAGIC.len() { 0 } else { whole })
}

/// Reads a sealed batch.
pub(super) fn read(path: &Path, number: u64) -> Result<SpooledBatch, StoreError> {
    let bytes = fs::read(path).map_err(|error| StoreError::system("read", path, error))?;
    let mut batch = SpooledBatch { number, ..SpooledBatch::default() };
    read_all(&bytes, &mut batch).map_err(|damage| damaged(path, damage))?;
    Ok(batch)
}

fn read_all(bytes: &[u8], batch: &mut SpooledBatch) -> Result<(), Damage> {
    let mut rest = after_magic(bytes)?;
    let mut schemas = Vec::new();
    while !rest.is_empty() {
        let Front::Whole(record, after) = Front::of(rest)? else { return Err(Damage::CutShort) };
        record.add_to(batch, &mut schemas)?;
        rest = after;
    }
    Ok(())
}

/// The error of a file with other bytes than a spool writes.
pub(super) fn damaged(path: &Path, damage: Damage) -> StoreError {
    let error = io::Error::new(io::ErrorKind::InvalidData, damage.to_string());
    StoreError::system("read", path, error)
}
