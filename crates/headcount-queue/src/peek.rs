//! The room of looking without touching: what `status`, `inspect` and `dump` show.
//!
//! Nothing is locked, so a shipper at work meanwhile can make a line seen twice or not at all, as
//! with any directory that is listed while it changes. Nothing that counts relies on it.

use crate::claim::Claim;
use crate::error::QueueError;
use crate::lines::{Line, Lines, Tail, bytes_of};
use crate::names::ClaimName;
use crate::queue::Queue;
use std::path::{Path, PathBuf};

/// How much waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Lines of all claims and segments. Some may have been settled with some destinations.
    pub lines: u64,
    /// Bytes of all claims and segments.
    pub bytes: u64,
    /// Claims that are not yet with every destination.
    pub claims: u64,
    /// The time of the oldest claim, in seconds since 1970.
    pub oldest_claim_s: Option<u64>,
}

/// What the names and sizes alone tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glance {
    /// Bytes that no shipper has claimed yet.
    pub unclaimed_bytes: u64,
    /// The claims, oldest first.
    pub claims: Vec<ClaimName>,
}

impl Queue {
    /// A look at the names and sizes, opening no file.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn glance(&self) -> Result<Glance, QueueError> {
        let listing = self.names.list()?;
        let segments = self.names.segments(&listing).into_iter();
        let unclaimed_bytes = segments.map(|path| regular_bytes(&path)).sum();
        Ok(Glance { unclaimed_bytes, claims: listing.claims })
    }

    /// Bytes of the open segment alone, by one look at one name; what is no regular file has none.
    #[must_use]
    pub fn open_bytes(&self) -> u64 {
        regular_bytes(self.path())
    }

    /// The claims there are, oldest first, to be read only.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn claims(&self) -> Result<Vec<Claim>, QueueError> {
        Ok(self.names.list()?.claims.into_iter().map(|name| self.claim_of(name)).collect())
    }

    /// The lines that no shipper has claimed yet: the side segments' and the open segment's.
    ///
    /// # Errors
    /// The folder cannot be read; a segment that cannot be read is an error among the lines.
    pub fn unclaimed(&self) -> Result<impl Iterator<Item = ReadLine> + use<>, QueueError> {
        let most = self.readable_bytes();
        Ok(self.segments()?.flat_map(move |path| lines_of(segment(&path, most))))
    }

    /// All lines that wait, in the order in which they would be shipped. One file is open at a time.
    ///
    /// # Errors
    /// The folder cannot be read; a file that cannot be read is an error among the lines.
    pub fn lines(&self) -> Result<impl Iterator<Item = ReadLine> + use<>, QueueError> {
        let claims = self.claims()?.into_iter().flat_map(|claim| lines_of(claim.lines()));
        Ok(claims.chain(self.unclaimed()?))
    }

    /// How much waits.
    ///
    /// # Errors
    /// The folder or a segment cannot be read.
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

    /// The side segments and the open one, in reading order.
    fn segments(&self) -> Result<impl Iterator<Item = PathBuf> + use<>, QueueError> {
        Ok(self.names.segments(&self.names.list()?).into_iter())
    }
}

fn regular_bytes(path: &Path) -> u64 {
    match std::fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        _ => 0,
    }
}

/// A line, or why there are no more of its file.
type ReadLine = Result<Line, QueueError>;

fn segment(path: &Path, most_bytes: u64) -> Result<Lines, QueueError> {
    Lines::open(path, Tail::InFlight, 0, most_bytes)
}

fn lines_of(lines: Result<Lines, QueueError>) -> impl Iterator<Item = ReadLine> {
    let (lines, error) = match lines {
        Ok(lines) => (Some(lines), None),
        Err(error) => (None, Some(Err(error))),
    };
    lines.into_iter().flatten().chain(error)
}
