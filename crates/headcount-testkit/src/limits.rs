//! The limits of the test kit, with their units and sources.

use std::time::Duration;

/// Bytes of the head of a request that the capture server reads. Heads of
/// Headcount have less than 1 KiB; 64 KiB is four times what common servers
/// accept.
pub(crate) const HEAD_BYTES: usize = 64 * 1024;

/// Bytes of the body of a request that the capture server reads. A shipper may
/// use 16 MiB of memory, so a body of four times that size is a fault.
pub(crate) const BODY_BYTES: usize = 64 * 1024 * 1024;

/// How long a program may be busy that was just written: a child has it open
/// for the microseconds before it becomes its own program.
pub(crate) const BUSY: Duration = Duration::from_secs(5);

/// How long a process may take by default. A shipper may run for 10 s; three
/// times that is enough on a busy machine and still ends a test that hangs.
pub(crate) const PROGRAM: Duration = Duration::from_secs(30);

/// The pause between two checks of a process that has closed its output but not
/// ended.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// How long one of a hundred programs may take that run at once on a busy
/// machine: each needs a tenth of a second of a processor in a debug build in
/// Wine, and two hundred and more are waited for.
pub(crate) const CROWD: Duration = Duration::from_secs(240);
