//! The room of the queue itself: a path and its bounds. Making one touches nothing.

use crate::bounds::Bounds;
use crate::error::QueueError;
use crate::names::Names;
use std::path::Path;

/// A queue of lines: an open segment's path, and what may wait there at most.
///
/// It holds no file open, so it can be kept for as long as a program lives, and cloned.
#[derive(Clone, Debug)]
pub struct Queue {
    pub(crate) names: Names,
    pub(crate) bounds: Bounds,
}

impl Queue {
    /// The queue whose open segment is at `path`. Nothing is created, opened or looked at.
    ///
    /// # Errors
    /// The path names no file, or one whose name is not UTF-8.
    pub fn new(path: &Path, bounds: Bounds) -> Result<Queue, QueueError> {
        Ok(Queue { names: Names::of(path)?, bounds })
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
}
