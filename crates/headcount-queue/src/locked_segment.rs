//! A segment that this process may append to.

use std::fs::File;

/// An open segment with the writers' lock. Until the lock is given up, whoever claims the segment
/// waits, and then reads what was appended.
pub(crate) struct LockedSegment {
    pub(crate) file: File,
    /// Its size in bytes when it was locked. Other writers may append meanwhile.
    pub(crate) bytes: u64,
}
