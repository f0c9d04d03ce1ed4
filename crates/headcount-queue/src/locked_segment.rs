//! A segment that this process may append to.

use std::fs::File;

/// A segment whose file is open and locked for appending. Whoever claims it
/// waits until the lock is given up, and then reads what was appended.
pub(crate) struct LockedSegment {
    pub(crate) file: File,
    /// Its size in bytes when it was locked. Other writers may append
    /// meanwhile.
    pub(crate) bytes: u64,
}

/// What to do if there is no segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoSegment {
    /// Create it, and its folder.
    Create,
    /// Create nothing.
    Refuse,
}
