//! The room of the queue itself: a path and its bounds. Making one touches nothing.

use crate::bounds::Bounds;
use crate::claim::Claim;
use crate::error::QueueError;
use crate::limits::{FILE_LIMIT_PARTS, readable_bytes};
use crate::names::{ClaimName, Names};
use crate::platform;
use std::path::Path;
use std::sync::OnceLock;

/// The size to which this process may write a file (`ulimit -f`); the largest number where there is
/// no limit. One system call. A write that begins there ends the process, by SIGXFSZ: for whoever
/// writes files beside the queue.
#[must_use]
pub fn file_limit_bytes() -> u64 {
    platform::file_limit_bytes()
}

/// A queue of lines: an open segment's path, and what may wait there at most.
///
/// It holds no file open, so it can be kept for as long as a program lives, and cloned.
#[derive(Clone, Debug)]
pub struct Queue {
    pub(crate) names: Names,
    pub(crate) bounds: Bounds,
    /// Asked for at the first append.
    writable_bytes: OnceLock<u64>,
}

impl Queue {
    /// The queue whose open segment is at `path`. Nothing is created, opened or looked at.
    ///
    /// # Errors
    /// The path names no file, or one whose name is not UTF-8.
    pub fn new(path: &Path, bounds: Bounds) -> Result<Queue, QueueError> {
        Ok(Queue { names: Names::of(path)?, bounds, writable_bytes: OnceLock::new() })
    }

    /// The path of the open segment.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.names.open()
    }

    /// What may wait at most.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The bytes of one segment that are read at all.
    pub(crate) fn readable_bytes(&self) -> u64 {
        readable_bytes(self.bounds.bytes)
    }

    /// The bytes that a segment may reach by this process' writes, whatever its share is. One look
    /// at the process' own limit for as long as this lives: a host that sets it later, to less than
    /// a segment has by then, is not protected from its own limit.
    pub(crate) fn writable_bytes(&self) -> u64 {
        let look = || platform::file_limit_bytes() / FILE_LIMIT_PARTS;
        *self.writable_bytes.get_or_init(look)
    }

    pub(crate) fn claim_of(&self, name: ClaimName) -> Claim {
        Claim { names: self.names.clone(), name, readable_bytes: self.readable_bytes() }
    }
}
