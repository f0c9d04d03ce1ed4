//! Every limit of the table, with its unit and its arithmetic.

use std::time::Duration;

/// Longest time of a command that a host runs all the time: nothing waits for
/// longer than a request, which has 3 seconds.
pub(crate) const HOST: Duration = Duration::from_secs(3);

/// Longest time of a person's command: `off` waits up to 10 seconds for a
/// shipper and 2 for a lock, and a farewell has 3.
pub(crate) const PERSON: Duration = Duration::from_secs(20);

/// How long the address that breaks requests off waits for one: it comes at
/// once.
pub(crate) const TAKEN: Duration = Duration::from_secs(1);

/// How often it is looked whether a command takes too long.
#[cfg(unix)]
pub(crate) const WATCH: Duration = Duration::from_millis(100);

/// Most violations that are printed: the rest is counted.
pub(crate) const SHOWN: usize = 200;

/// From so many rows a worker on, each row is one worker's; where there are
/// fewer, its cells are shared. `None`: they always are.
pub(crate) const ROWS_A_WORKER: Option<usize> = if cfg!(windows) { Some(8) } else { None };

/// An error that is treated like most others is tried at every eighth call of
/// its kind: of the 26 that `open` has, 16 are.
pub(crate) const SPREAD: u64 = 8;

/// On Windows, of so many cells in which one call fails one is run at every
/// change: Wine gets through some 80 in a minute on two cores, all cells take a
/// night, and those that are run five minutes.
pub(crate) const USUAL_CALLS: u64 = 120;
/// The same of the steps at which a command is ended.
pub(crate) const USUAL_STEPS: u64 = 12;

/// One that is told apart, but is rare, at every second.
pub(crate) const SPREAD_APART: u64 = 2;
