//! Every limit of the SDK, with its unit and its arithmetic.

use std::time::Duration;

/// How long a shipper lives at most: three requests that each run into
/// [`REQUEST`], and a second to spare.
pub(crate) const LIFETIME: Duration = Duration::from_secs(10);

/// How long one request may take, connecting included (DECISIONS, all five).
pub(crate) const REQUEST: Duration = Duration::from_secs(3);

/// The first pause after a failure; each further one doubles it.
pub(crate) const BACKOFF_FIRST: Duration = Duration::from_secs(1);

/// The longest pause that doubling reaches.
pub(crate) const BACKOFF_LONGEST: Duration = Duration::from_secs(3_600);

/// The longest `Retry-After` that is honoured: a day.
pub(crate) const RETRY_AFTER_LONGEST: Duration = Duration::from_secs(86_400);

/// Bytes of an answer that are read: a native answer that lists 500 events at
/// 60 bytes each is 30 KB.
#[cfg(any(feature = "ureq", feature = "curl"))]
pub(crate) const ANSWER_BYTES: u64 = 128 * 1024;

/// Bytes of an answer's head, interim ones before it included: what the other
/// transport takes, and four times what common servers and proxies do.
#[cfg(feature = "curl")]
pub(crate) const ANSWER_HEAD_BYTES: u64 = 64 * 1024;

/// Interim answers (1xx) before the one that is meant: a `100 Continue`, a few
/// `103 Early Hints` of a proxy's.
#[cfg(feature = "curl")]
pub(crate) const INTERIM_ANSWERS: u32 = 8;

/// Bytes of a file of certificate authorities that are read: Debian's has
/// 220 KB for 140 of them.
#[cfg(feature = "ureq")]
pub(crate) const AUTHORITIES_BYTES: u64 = 4 * 1024 * 1024;

/// Files of a folder of authorities that are read: Debian's has 290, links
/// included.
#[cfg(feature = "ureq")]
pub(crate) const AUTHORITIES_FILES: usize = 1_000;

/// Bytes of a settings, state or id file that are read; a person's own
/// configuration may be long, a megabyte is not one.
pub(crate) const SETTINGS_BYTES: u64 = 1024 * 1024;

/// Bytes from which a body is worth compressing: below it the whole request fits
/// into a packet or two anyway.
#[cfg(feature = "gzip")]
pub(crate) const COMPRESSED_BYTES: usize = 1024;

/// Bytes of rejected records kept for the person to look at: about 200.
pub(crate) const QUARANTINE_BYTES: u64 = 64 * 1024;

/// Bytes of receipts that are kept: one has about 200, so these are the last 300
/// requests, a month of ten commands a day.
pub(crate) const RECEIPTS_BYTES: usize = 64 * 1024;

/// Bytes of them that stay when they are too many: three quarters, so that the
/// file is written anew once in 80 requests and not at each.
pub(crate) const RECEIPTS_KEPT_BYTES: usize = RECEIPTS_BYTES / 4 * 3;

/// How long a destination's wish for less holds, unless it says so again.
pub(crate) const PACE_LONGEST: Duration = Duration::from_secs(7 * 86_400);

/// Bytes of marks of events that could not be recorded: one each, so that a full
/// disk or queue is not made fuller.
pub(crate) const UNRECORDED_BYTES: u64 = 64 * 1024;

/// Seconds from one report of the uploads themselves to the next: a day.
pub(crate) const REPORT_PAUSE_S: i64 = 86_400;

/// How long a shipper waits for the lock of another: a look at it takes it for
/// a microsecond.
pub(crate) const LOOK_WAIT: Duration = Duration::from_millis(50);

/// Bytes outside the claims from which a shipper claims them although nobody can
/// be asked: an eighth of the queue's bound, which is half of what the open
/// segment may reach. Beyond that the newest events would be refused; among the
/// claims it is the oldest that go.
pub(crate) const fn unclaimed_bytes(bound_bytes: u64) -> u64 {
    bound_bytes / 8
}

/// Versions of a catalog for which it is remembered what was left: two that
/// take turns on a machine, and two to spare.
pub(crate) const LEFT_CATALOGS: usize = 4;

/// How long a shipper that was started leaves the processor to the host that
/// started it: twice what a host takes to end.
pub(crate) const HOST_FIRST: Duration = Duration::from_millis(2);

/// Between two looks of an `off` whether a request is still under way: a
/// thousandth of a request's time.
pub(crate) const SENDING_PAUSE: Duration = Duration::from_millis(3);

/// Records that wait in memory for a thread to send them, at most: 1,000 of 300
/// bytes are 300 KB. What comes while so many wait is lost, and counted.
pub(crate) const MEMORY_RECORDS: usize = 1_000;

/// Bytes that a host hands to a detached attempt over a pipe: what every system
/// takes into an empty one at once. Linux grants a page at least, 4 KiB, and
/// Windows as much by default. It is about a dozen records.
pub(crate) const HANDED_BYTES: usize = 4 * 1024;

/// Agreements that one process cuts a catalog down to, each for its whole life: one when it starts,
/// and one more for each answer that a person gives while it runs. A cut of the largest catalog under
/// `examples/` is 12 KB.
pub(crate) const CUTS: usize = 16;

/// How long a thread waits for another that makes a cut, which takes some fifty microseconds.
pub(crate) const CUTS_WAIT: Duration = Duration::from_millis(20);

/// How long a session's yes holds, in milliseconds: most commands end sooner,
/// and one that goes on for minutes decides again, which costs twenty
/// microseconds.
pub(crate) const DECISION_MS: i64 = 1_000;

/// Ids whose random bits are taken from the system at once: 256 bytes cost 0.9
/// microseconds, 16 times 16 bytes 6.
pub(crate) const POOL_IDS: usize = 16;

/// How long the lock of a change is waited for: a change is two or three synced
/// writes, 10 ms each on a slow disk, and thirty processes may be in front.
pub(crate) const CHANGE_WAIT: Duration = Duration::from_secs(2);

/// Between the first two tries of that; the pause doubles from try to try.
pub(crate) const CHANGE_PAUSE: Duration = Duration::from_millis(1);

/// Between two tries of that at most: of two hundred waiting processes one
/// tries every 80 microseconds.
pub(crate) const CHANGE_PAUSE_LONGEST: Duration = Duration::from_millis(16);

/// How long `off` and `clear` wait for a shipper to end: its own lifetime.
pub(crate) const SHIPPER_WAIT: Duration = LIFETIME;

/// Events after which a daemon ships (Archon's `flushAt`).
pub(crate) const DAEMON_EVENTS: u32 = 20;

/// How long a daemon waits at most before it ships (Archon's `flushInterval`).
pub(crate) const DAEMON_PAUSE: Duration = Duration::from_secs(10);

/// Between two looks for Ctrl-C on Windows: less than a person notices, and no
/// load.
#[cfg(all(feature = "signals", windows))]
pub(crate) const SIGNAL_PAUSE: Duration = Duration::from_millis(50);

/// Times a lock's file is opened anew because its holder removed it: two
/// hundred processes that do nothing else met at most a handful of times.
pub(crate) const LOCK_TRIES: u32 = 1_000;
