//! Every limit of `watch`, with its unit and its arithmetic.

use std::time::Duration;

/// How often it is looked whether something has come. A person sees it at
/// once, and a hundred looks are made in 25 seconds.
pub(super) const LOOK: Duration = Duration::from_millis(250);

/// How long what a program has left is sent: a shipper that it started ends
/// within ten seconds.
pub(super) const SENDING: Duration = Duration::from_secs(15);

/// How long a program may run, in seconds, if nothing else is said: longer than
/// a command of a person, and shorter than a job of a CI is worth.
pub(super) const PROGRAM_S: u32 = 300;

/// How long after the program's end what it left running may still record, in
/// seconds, if nothing else is said.
pub(super) const SETTLING_S: u32 = 2;

/// How long that is waited for in all, where something comes again and again.
pub(super) const SETTLING: Duration = Duration::from_secs(30);

/// How long a program may take to end after Ctrl-C, which it hears too, before
/// it is killed.
pub(super) const ENDING: Duration = Duration::from_secs(3);

/// Events that are shown one by one; what comes after them is counted.
pub(super) const SHOWN: usize = 200;
