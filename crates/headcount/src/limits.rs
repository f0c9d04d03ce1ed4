//! Every limit of the SDK, with its unit and its arithmetic.

use std::time::Duration;

use headcount_catalog::Day;

/// Longest life of a shipper: three requests that each take [`REQUEST`], and a
/// second to spare.
pub(crate) const LIFETIME: Duration = Duration::from_secs(10);

/// Longest time of one request, connecting included: what all five products
/// allow.
pub(crate) const REQUEST: Duration = Duration::from_secs(3);

/// First pause after a failure; each further failure doubles it.
pub(crate) const BACKOFF_FIRST: Duration = Duration::from_secs(1);

/// The longest pause that doubling reaches.
pub(crate) const BACKOFF_LONGEST: Duration = Duration::from_secs(3_600);

/// The longest pause that doubling reaches while a destination answers that it
/// does not take our requests, and the longest `Retry-After` that is honoured:
/// a day.
pub(crate) const PAUSE_LONGEST: Duration = Duration::from_secs(86_400);

/// The pauses that a destination can ask for, in seconds; another counts as the
/// next longer one. To the second, it could tell each device another time to
/// come back, and recognize it by that.
pub(crate) const RETRY_AFTER_SECONDS: [u64; 15] =
    [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 18_000, 43_200, 86_400];

/// Most bytes of the body of a refusal: ten sentences.
#[cfg(any(feature = "ureq", feature = "curl"))]
pub(crate) const REFUSAL_BYTES: u64 = 2 * 1024;

/// Most characters of a server's sentence in a receipt: two lines of a
/// terminal.
pub(crate) const SENTENCE_CHARS: usize = 160;

/// Hexadecimal digits from which a word in a server's sentence may be an id:
/// half of one. A date has eight.
pub(crate) const ID_DIGITS: usize = 16;

/// Most bytes of an answer's body: a native answer for 500 events at 60 bytes
/// each is 30 KB.
#[cfg(any(feature = "ureq", feature = "curl"))]
pub(crate) const ANSWER_BYTES: u64 = 128 * 1024;

/// Most bytes of an answer's head, including interim answers before it: the
/// limit of the other transport, and four times that of common servers and
/// proxies.
#[cfg(feature = "curl")]
pub(crate) const ANSWER_HEAD_BYTES: u64 = 64 * 1024;

/// Most interim answers (1xx) before the final one: a `100 Continue`, and a few
/// `103 Early Hints` from a proxy.
#[cfg(feature = "curl")]
pub(crate) const INTERIM_ANSWERS: u32 = 8;

/// Most bytes of a file of certificate authorities: Debian's has 220 KB for 140
/// authorities.
#[cfg(feature = "ureq")]
pub(crate) const AUTHORITIES_BYTES: u64 = 4 * 1024 * 1024;

/// Most files in a folder of authorities: Debian's has 290, links included.
#[cfg(feature = "ureq")]
pub(crate) const AUTHORITIES_FILES: usize = 1_000;

/// Most bytes of a settings, state or id file. A person's configuration may be
/// long, but not 1 MiB.
pub(crate) const SETTINGS_BYTES: u64 = 1024 * 1024;

/// Fewest bytes of a body that is compressed: a smaller request fits into one
/// or two packets anyway.
#[cfg(feature = "gzip")]
pub(crate) const COMPRESSED_BYTES: usize = 1024;

/// Most bytes of rejected records kept for the person to look at: about 200
/// records.
pub(crate) const QUARANTINE_BYTES: u64 = 64 * 1024;

/// Most ids whose erasure may be pending: one `forget` a month, under an id
/// that changes every month, for two years.
pub(crate) const ERASURES: usize = 24;

/// Most bytes of receipts: one has about 200, so these are the last 300
/// requests, a month of ten commands a day.
pub const RECEIPTS_BYTES: usize = 64 * 1024;

/// Bytes of receipts kept when the file is full: three quarters, so that the
/// file is rewritten once in 80 requests and not at each.
pub(crate) const RECEIPTS_KEPT_BYTES: usize = RECEIPTS_BYTES / 4 * 3;

/// Most bytes of the log of what was sent. An entry of a record of 300 bytes
/// has 450, so these are the last 580: ten commands a day, to two destinations,
/// for a month.
pub const SENT_BYTES: usize = 256 * 1024;

/// Bytes of that log kept when it is full: three quarters, so that the file is
/// rewritten once in 140 records and not at each.
pub(crate) const SENT_KEPT_BYTES: usize = SENT_BYTES / 4 * 3;

/// How long a destination's wish for less holds, unless it is repeated.
pub(crate) const PACE_LONGEST: Duration = Duration::from_secs(7 * 86_400);

/// Most bytes that note events which could not be recorded, one byte each: a
/// full disk must not become fuller.
pub(crate) const UNRECORDED_BYTES: u64 = 64 * 1024;

/// Seconds from one report on uploads to the next: a day.
pub(crate) const REPORT_PAUSE_S: i64 = 86_400;

/// How long a shipper waits for the ship lock: a process that only checks it
/// holds it for a microsecond.
pub(crate) const LOOK_WAIT: Duration = Duration::from_millis(50);

/// Unclaimed bytes from which a shipper claims them although no destination is
/// ready: an eighth of the queue's limit, which is half of what the open
/// segment may reach. Beyond that the queue would refuse the newest events; of
/// claims it drops the oldest.
pub(crate) const fn unclaimed_bytes(bound_bytes: u64) -> u64 {
    bound_bytes / 8
}

/// Versions of a catalog for which `left.json` remembers what is left: two that
/// take turns on a machine, and two to spare.
pub(crate) const LEFT_CATALOGS: usize = 4;

/// Days for which it is remembered that a version of the catalog has recorded
/// here: the longest that any catalog lets a record wait.
pub(crate) const NOTE_DAYS: i32 = 366;

/// Versions of a catalog whose notes are read: a release a week for a year.
pub(crate) const NOTES: usize = 52;

/// Starts of a shipper without an answer after which no more follow: twice what
/// a machine that is switched off at every start would leave in a day.
pub(crate) const UNANSWERED_STARTS: u64 = 5;

/// The same while the last start had no time to answer, for a product that
/// keeps no event on disk: five hundred of its hosts may end at once.
pub(crate) const UNANSWERED_AT_ONCE: u64 = 500;

/// Seconds that a start may take to answer: as long as a shipper lives.
pub(crate) const ANSWER_S: i64 = 10;

/// Seconds by which the time of a file may be ahead of a clock that was read
/// before: a file system may round up to two, and a machine may sleep between.
pub(crate) const FILE_TIME_SLACK_S: i64 = 60;

/// Seconds after which one more start is tried: a day. An update may have
/// mended the program.
pub(crate) const UNANSWERED_PAUSE_S: i64 = 86_400;

/// Descriptors that are looked for one by one where the system does not list
/// them: what a process may open by default.
#[cfg(unix)]
pub(crate) const DESCRIPTORS: i32 = 1_024;

/// Most units of UTF-16 of a command line on Windows, the last zero included:
/// what `CreateProcessW` takes.
#[cfg(any(windows, test))]
pub(crate) const COMMAND_LINE_UNITS: usize = 32_767;

/// Units of UTF-16 from which a path needs another form on Windows: `MAX_PATH`,
/// which counts the last zero.
#[cfg(any(windows, test))]
pub(crate) const PATH_UNITS: usize = 260;

/// How long a new shipper leaves the processor to the host that started it:
/// twice the time a host takes to end.
pub(crate) const HOST_FIRST: Duration = Duration::from_millis(2);

/// Pause between two checks of an `off` whether a request is still under way: a
/// thousandth of a request's time.
pub(crate) const SENDING_PAUSE: Duration = Duration::from_millis(3);

/// Most records that wait in memory for the sending thread: 1,000 of 300 bytes
/// are 300 KB. More are lost, and counted.
pub(crate) const MEMORY_RECORDS: usize = 1_000;

/// Most bytes that a host hands to a detached attempt over a pipe: what every
/// system accepts in an empty pipe. Linux has at least a page, 4 KiB, and
/// Windows has as much by default. That is about a dozen records.
pub(crate) const HANDED_BYTES: usize = 4 * 1024;

/// Most agreements for which one process cuts a catalog, each for its whole
/// life: one at its start, and one for each answer that a person gives while it
/// runs. A cut of the largest catalog under `examples/` has 12 KB.
pub(crate) const CUTS: usize = 16;

/// How long a thread waits for another that makes a cut, which takes about
/// fifty microseconds.
pub(crate) const CUTS_WAIT: Duration = Duration::from_millis(20);

/// How long a session's decision holds, in milliseconds: most commands end
/// sooner, and a long one decides again, which costs twenty microseconds.
pub(crate) const DECISION_MS: i64 = 1_000;

/// Ids whose random bits are read from the system at once: 256 bytes take 0.9
/// microseconds, 16 times 16 bytes take 6.
pub(crate) const POOL_IDS: usize = 16;

/// Most catalogs that our state remembers as agreed to, or as told: releases
/// that take turns on one machine, 20 bytes each.
pub(crate) const REMEMBERED_CATALOGS: usize = 16;

/// Periods of a kind of which it is known that this device has marked them: a
/// clock that is set back and forth by a few days marks each day once.
pub(crate) const MARKED_PERIODS: usize = 4;

/// How long to wait for the lock of a change: a change is two or three synced
/// writes, 10 ms each on a slow disk, and thirty processes may be waiting
/// already.
pub(crate) const CHANGE_WAIT: Duration = Duration::from_secs(2);

/// How long a host waits for that lock when it records, once in its life: what
/// the queue allows for its own lock.
pub(crate) const RECORD_WAIT: Duration = Duration::from_millis(1);

/// How long a hook waits for its notes, which another hook may hold. Codex
/// allows a second at the end of a session.
pub(crate) const NOTES_WAIT: Duration = Duration::from_millis(400);

/// Most bytes of the notes. A session has one of 220 bytes, and each of its
/// commands and turns one of 130: some twenty sessions with twenty each.
pub(crate) const NOTES_BYTES: usize = 64 * 1024;

/// Bytes of the notes kept when they are full.
pub(crate) const NOTES_KEPT_BYTES: usize = NOTES_BYTES / 4 * 3;

/// Pause between the first two tries of that; it doubles from try to try.
pub(crate) const CHANGE_PAUSE: Duration = Duration::from_millis(1);

/// Longest pause between two tries of that: with two hundred waiting processes,
/// one tries every 80 microseconds.
pub(crate) const CHANGE_PAUSE_LONGEST: Duration = Duration::from_millis(16);

/// How long a person's command or a shipper waits for a file that another
/// program has open, on Windows: a virus scanner looks at a new file for some
/// tenths of a second, and for a second where the machine is busy.
#[cfg(any(windows, test))]
pub(crate) const IN_USE_WAIT: Duration = Duration::from_millis(1_500);

/// How long it waits in vain for all such files together: two
/// and two thirds.
#[cfg(any(windows, test))]
pub(crate) const IN_USE_WAIT_ALL: Duration = Duration::from_secs(4);

/// How long it waits where access is denied: mostly that is not permitted, and
/// then no wait helps. A file that is about to be removed goes as soon as its
/// last reader closes it.
#[cfg(windows)]
pub(crate) const DENIED_WAIT: Duration = Duration::from_millis(100);

/// How long `off` and `clear` wait for a shipper to end: its own lifetime.
pub(crate) const SHIPPER_WAIT: Duration = LIFETIME;

/// Events after which a daemon ships (Archon's `flushAt`).
pub(crate) const DAEMON_EVENTS: u32 = 20;

/// How long a daemon waits at most before it ships (Archon's `flushInterval`).
pub(crate) const DAEMON_PAUSE: Duration = Duration::from_secs(10);

/// How long the handler of an event that ends the process keeps the system from
/// ending it: longer than any system waits, which is 5 seconds for a console
/// that is closed and up to 20 for a service at a shutdown.
#[cfg(all(feature = "signals", windows))]
pub(crate) const CONSOLE_END: Duration = Duration::from_secs(30);

/// How long the question waits, after Ctrl-C, for the end of the process: a
/// program without a handler of its own ends in a few milliseconds.
#[cfg(all(feature = "prompt", windows))]
pub(crate) const INTERRUPTED_WAIT: Duration = Duration::from_millis(250);

/// Most bytes of a line that answers the question: only its first letter
/// counts, and spaces may be before it.
#[cfg(all(feature = "prompt", windows))]
pub(crate) const ANSWER_LINE_BYTES: usize = 256;

/// The first week in which a device can have been counted without an id:
/// 2026-01-05, the first Monday of the year in which that was made. An earlier
/// clock is wrong.
pub(crate) const FIRST_WEEK: Day = Day::from_number(20_458);

/// How long a shipper waits for that lock to note what it has sent, before it
/// settles it: a few times as long as a change of a file takes. A lock that is
/// held for longer costs the note.
pub(crate) const SENT_WAIT: Duration = Duration::from_millis(100);

/// How far an id's month may be ahead of the clock: the next month from any day
/// of this one, and the one after it for machines that share a home and whose
/// clocks differ by more. An id that a wrong clock has made is replaced once it
/// is further ahead.
pub(crate) const ID_AHEAD_DAYS: i32 = 62;

/// No clock that is right has been before this day: boards without a battery
/// start in 1970, or where they were switched off.
pub(crate) const EARLIEST_DAY: Day = Day::from_number(20_454);

/// How long a host that creates an id waits, once in its life, for files that
/// others hold at that moment: on Windows a clock's tick of 15 ms and a bit.
pub(crate) const NEW_ID_WAIT: Duration = Duration::from_millis(20);

/// How often a file is read, edited and written because others write it at the
/// same moment: each turn takes a sync of the disk, and nobody else changes
/// these files more often than a person runs commands.
pub(crate) const CHANGE_TURNS: u32 = 8;

/// How often a lock's file is opened again because its holder removed it: two
/// hundred processes that do nothing else needed a handful of times at most.
pub(crate) const LOCK_TRIES: u32 = 1_000;
