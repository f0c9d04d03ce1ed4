//! Reads the queue without locking or changing anything, for `status`,
//! `inspect` and `dump`.
//!
//! If a shipper works at the same time, a line may be seen twice or not at all.
//! Nothing else relies on what is read here.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::vec;

use crate::claim::Claim;
use crate::error::QueueError;
use crate::lines::{Line, Lines, Tail, bytes_of};
use crate::names::ClaimName;
use crate::queue::Queue;

/// How much is waiting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The lines of all claims and segments. Some may be settled with some
    /// destinations.
    pub lines: u64,
    /// The bytes of all claims and segments.
    pub bytes: u64,
    /// The claims that are not yet settled with every destination.
    pub claims: u64,
    /// The time of the oldest claim, in seconds since 1970.
    pub oldest_claim_s: Option<u64>,
}

/// What the names and sizes of the files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glance {
    /// The bytes that no shipper has claimed yet.
    pub unclaimed_bytes: u64,
    /// The claims, oldest first.
    pub claims: Vec<ClaimName>,
}

impl Queue {
    /// Reads the names and sizes of the files, without opening them.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the folder cannot be read.
    pub fn glance(&self) -> Result<Glance, QueueError> {
        let listing = self.names.list()?;
        let segments = self.names.segments(&listing).into_iter();
        let unclaimed_bytes = segments.map(|path| regular_bytes(&path)).sum();
        Ok(Glance { unclaimed_bytes, claims: listing.claims })
    }

    /// Returns the bytes of the open segment; 0 if it is not a regular file.
    #[must_use]
    pub fn open_bytes(&self) -> u64 {
        regular_bytes(self.path())
    }

    /// Returns the claims, oldest first, for reading only.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the folder cannot be read.
    pub fn claims(&self) -> Result<Vec<Claim>, QueueError> {
        Ok(self.claims_of(self.names.list()?))
    }

    /// Returns the lines that no shipper has claimed yet: those of the side
    /// segments and of the open segment.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the folder cannot be read. A segment that
    /// cannot be read is an error among the lines.
    pub fn unclaimed(&self) -> Result<impl Iterator<Item = ReadLine> + use<>, QueueError> {
        self.lines_after(Vec::new())
    }

    /// Returns all lines that are waiting, in the order in which they would be
    /// shipped. One file is open at a time.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the folder cannot be read. A file that cannot
    /// be read is an error among the lines.
    pub fn lines(&self) -> Result<impl Iterator<Item = ReadLine> + use<>, QueueError> {
        self.lines_after(self.claims()?)
    }

    /// Returns the lines of these claims, and then those that are not claimed.
    fn lines_after(&self, claims: Vec<Claim>) -> Result<LinesOfFiles, QueueError> {
        Ok(LinesOfFiles { files: self.readers_after(claims)?, open: None })
    }

    /// Returns a reader of each file with lines that are waiting, in the order
    /// in which they would be shipped: it says what it skipped, too. One file
    /// is open at a time.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the folder cannot be read. A file that cannot
    /// be read is an error among the readers.
    pub fn readers(
        &self,
    ) -> Result<impl Iterator<Item = Result<Lines, QueueError>> + use<>, QueueError> {
        self.readers_after(self.claims()?)
    }

    fn readers_after(&self, claims: Vec<Claim>) -> Result<Files, QueueError> {
        let (segments, most_bytes) = (self.segments()?, self.readable_bytes());
        Ok(Files { claims: claims.into_iter(), segments, most_bytes })
    }

    /// Returns how much is waiting.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the folder or a segment cannot be read.
    pub fn waiting(&self) -> Result<Waiting, QueueError> {
        let claims = self.claims()?;
        let mut waiting = Waiting {
            claims: claims.len() as u64,
            oldest_claim_s: claims.first().map(|claim| claim.name().time_s()),
            ..Waiting::default()
        };
        for claim in &claims {
            waiting.bytes += claim.bytes()?;
            waiting.lines += claim.count()?;
        }
        for path in self.segments()? {
            waiting.bytes += bytes_of(&path)?;
            waiting.lines += segment(&path, self.readable_bytes())?.counted()?.lines;
        }
        Ok(waiting)
    }

    /// Returns the side segments and the open segment, in the order in which
    /// they are read.
    fn segments(&self) -> Result<vec::IntoIter<PathBuf>, QueueError> {
        Ok(self.names.segments(&self.names.list()?).into_iter())
    }
}

fn regular_bytes(path: &Path) -> u64 {
    match std::fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        _ => 0,
    }
}

/// A line, or the reason why the rest of its file cannot be read.
type ReadLine = Result<Line, QueueError>;

fn segment(path: &Path, most_bytes: u64) -> Result<Lines, QueueError> {
    Lines::open(path, Tail::InFlight, 0, most_bytes, Duration::ZERO)
}

/// The files of claims, and then the segments. (Adapters of iterators would be
/// compiled into each caller.)
struct Files {
    claims: vec::IntoIter<Claim>,
    segments: vec::IntoIter<PathBuf>,
    /// How much of a segment is read at most.
    most_bytes: u64,
}

impl Iterator for Files {
    type Item = Result<Lines, QueueError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(match self.claims.next() {
            Some(claim) => claim.lines(),
            None => segment(&self.segments.next()?, self.most_bytes),
        })
    }
}

/// The lines of one file after another.
struct LinesOfFiles {
    files: Files,
    open: Option<Lines>,
}

impl Iterator for LinesOfFiles {
    type Item = ReadLine;

    fn next(&mut self) -> Option<ReadLine> {
        loop {
            if let Some(line) = self.open.as_mut().and_then(Iterator::next) {
                return Some(line);
            }
            match self.files.next()? {
                Ok(lines) => self.open = Some(lines),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
