//! Limits of the test kit. Each says its unit and where its figure comes from.

use std::time::Duration;

/// Bytes of a request's head that the capture server reads. Real heads of ours are under 1 KiB;
/// 64 KiB is what common servers accept, four times over.
pub(crate) const HEAD_BYTES: usize = 64 * 1024;

/// Bytes of a request's body that the capture server reads. A shipper may use 16 MiB of memory,
/// so a body four times that size is a fault worth refusing.
pub(crate) const BODY_BYTES: usize = 64 * 1024 * 1024;

/// How long a real process may take unless the test says otherwise. A shipper may live 10 s; three
/// times that leaves room for a busy machine and still ends a hung test.
pub(crate) const PROGRAM: Duration = Duration::from_secs(30);

/// Pause between two looks at a process that has closed its output but has not ended.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(1);
