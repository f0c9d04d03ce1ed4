//! Limits of deliveries.

use std::time::Duration;

/// How long a connection may take to be made, and a relay to answer one line.
/// Stopping a collector waits for the delivery that goes on.
pub(super) const STEP_TIME: Duration = Duration::from_secs(5);

/// How long a whole delivery may take.
pub(super) const WHOLE_TIME: Duration = Duration::from_secs(15);

/// Bytes of a line of a relay (RFC 5321, section 4.5.3.1.5, has 512).
pub(super) const LINE_BYTES: u64 = 2_048;

/// Lines of one answer of a relay.
pub(super) const ANSWER_LINES: usize = 100;

/// Bytes of the file with a password.
pub(super) const PASSWORD_BYTES: u64 = 1_024;

/// Bytes of a file of certificate authorities: a whole system's has 200 KiB.
pub(super) const AUTHORITIES_BYTES: u64 = 4 * 1024 * 1024;

/// Bytes of an address (RFC 5321, section 4.5.3.1.3).
pub(super) const ADDRESS_BYTES: usize = 254;

/// Letters of the subject of a report: a line has at most 998 (RFC 5322,
/// section 2.1.1), and most programs show fewer than 80.
pub(super) const SUBJECT_LETTERS: usize = 160;

/// Letters of what a relay says that are told.
pub(super) const TOLD_LETTERS: usize = 120;
