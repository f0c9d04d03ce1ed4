//! The queue: the path of the open segment, and the bounds. Creating one
//! touches no file.

use std::path::Path;
use std::sync::OnceLock;

use crate::bounds::Bounds;
use crate::claim::Claim;
use crate::error::QueueError;
use crate::limits::{FILE_LIMIT_PARTS, readable_bytes};
use crate::names::{Listing, Names};
use crate::platform;

/// Returns the limit on the size of files that this process writes
/// (`ulimit -f`); `u64::MAX` if there is none. This is one system call. A write
/// that starts at the limit kills the process (SIGXFSZ), so it is also useful
/// for other files.
#[must_use]
pub fn file_limit_bytes() -> u64 {
    platform::file_limit_bytes()
}

/// A queue of lines: the path of its open segment, and how much it may hold.
///
/// It keeps no file open, so a program can keep it as long as it runs, and
/// clone it.
#[derive(Clone, Debug)]
pub struct Queue {
    pub(crate) names: Names,
    pub(crate) bounds: Bounds,
    /// Read at the first append.
    writable_bytes: OnceLock<u64>,
}

impl Queue {
    /// Returns the queue whose open segment is at `path`. Touches no file.
    ///
    /// # Errors
    ///
    /// Returns [`QueueError`] if the path has no file name, or one that is not
    /// UTF-8.
    pub fn new(path: &Path, bounds: Bounds) -> Result<Queue, QueueError> {
        Ok(Queue { names: Names::of(path)?, bounds, writable_bytes: OnceLock::new() })
    }

    /// Returns the path of the open segment.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.names.open()
    }

    /// Whether a path is that of one of the queue's files: a segment, a claim,
    /// or a small file of a claim. The ship lock is not among them. Looks at
    /// the path only.
    #[must_use]
    pub fn has_file(&self, path: &Path) -> bool {
        self.names.has(path)
    }

    /// Returns how much the queue may hold.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Returns the bytes of a segment that are read at most.
    pub(crate) fn readable_bytes(&self) -> u64 {
        readable_bytes(self.bounds.bytes)
    }

    /// Returns the bytes that a segment may reach, as far as this process is
    /// concerned. The limit of the process is read once. A host that lowers it
    /// later is not protected from it.
    pub(crate) fn writable_bytes(&self) -> u64 {
        let look = || platform::file_limit_bytes() / FILE_LIMIT_PARTS;
        *self.writable_bytes.get_or_init(look)
    }

    /// Returns the claims of a listing, oldest first.
    pub(crate) fn claims_of(&self, listing: Listing) -> Vec<Claim> {
        let Listing { claims, begun, .. } = listing;
        let claim = |name| {
            let begun = begun.iter().filter(|(claim, _)| *claim == name);
            Claim {
                names: self.names.clone(),
                name,
                begun: begun.map(|(_, destination)| destination.clone()).collect(),
                readable_bytes: self.readable_bytes(),
            }
        };
        claims.into_iter().map(claim).collect()
    }
}
