//! Files that another program has open. On Windows a virus scanner, an indexer
//! or a backup that looks at a file keeps it from being opened, replaced or
//! removed for that moment, so each of these is tried again for a while. How
//! long depends on who waits: a person's command, a shipper, or a host that
//! records, which is what a thread is unless it says otherwise.
//!
//! On Unix nobody can keep a file from that, and nothing is tried again.

#[cfg(any(windows, test))]
#[path = "in_use_budget.rs"]
mod budget;
#[cfg(unix)]
#[path = "in_use_unix.rs"]
mod system;
#[cfg(windows)]
#[path = "in_use_windows.rs"]
mod system;

pub(crate) use system::{Patient, is_held, open, remove, rename};
