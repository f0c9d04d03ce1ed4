//! Limits of the store on ClickHouse.

use std::time::Duration;

/// From the beginning of a connection to ClickHouse to its end, in seconds.
pub(crate) const CONNECT_SECONDS: u64 = 5;

/// A question or a batch at ClickHouse, in seconds. A question about ten
/// million raw events takes 4 s on one busy core.
pub(crate) const SECONDS: u64 = 60;

/// One statement of housekeeping at ClickHouse, in seconds: a mutation waits
/// for the merges of its partition.
pub(crate) const HOUSE_SECONDS: u64 = 1_800;

/// Bytes of an answer of ClickHouse: 4,000,000 events of a question about steps
/// x 60 B.
pub(crate) const ANSWER_BYTES: u64 = 256 * 1024 * 1024;

/// From one look of the shipper at its spool to the next. A batch is one part
/// of a table, and ClickHouse asks for about one insert a second.
pub(crate) const SHIP_EVERY: Duration = Duration::from_secs(1);

/// The longest pause of the shipper after failures, each of which doubles it:
/// five tries take half a minute, and the server is found again within as much.
pub(crate) const RETRY_AT_MOST: Duration = Duration::from_secs(30);

/// How long a question lets the shipper catch up before it is asked.
pub(crate) const READER_WAITS: Duration = Duration::from_secs(2);

/// Events that are read from ClickHouse at once: 50,000 x about 500 B as JSON =
/// 25 MB.
pub(crate) const PAGE_ROWS: u64 = 50_000;

/// Events of a batch of `headcount migrate`: 200,000 x 200 B = 40 MB in memory.
pub(crate) const MOVED_ROWS: usize = 200_000;

/// Days before the first and after the last event of a folder of which its
/// rejected events are moved: an event may come from a queue that keeps 30
/// days.
pub(crate) const MOVED_AROUND_DAYS: i32 = 31;

/// How long counts stay at ClickHouse that do not hold, in seconds: a statement
/// of whoever counts ends within half an hour, and some of them make a count.
pub(crate) const GENERATION_SECONDS: u64 = 3 * 3_600;

/// Generations that add up to a day of counts at ClickHouse; then they become
/// one. A question is told each of them: 8 x 400 days x 20 B = 64 kB of a
/// value, which may have 128 KiB (`http_max_field_value_size`).
pub(crate) const DAY_PARTS: u64 = 8;

/// How often new events are counted at ClickHouse. Until then a question adds
/// these.
pub(crate) const COUNT_EVERY: Duration = Duration::from_secs(60);

/// How long one look at what is counted is good for questions: about sixty of
/// a page are asked in it.
pub(crate) const SNAPSHOT: Duration = Duration::from_secs(1);

/// New events that a statement is told to leave out, since a copy of theirs is
/// counted: 2,000 x 45 B = 90 kB of a value, which may have 128 KiB.
pub(crate) const TOLD_COPIES: u64 = 2_000;

/// An answer about devices that takes longer than this is given again.
pub(crate) const SLOW_ANSWER: Duration = Duration::from_millis(250);

/// For how long at most. Until then it is for [`TELL_PAUSE`] times as long as
/// it took.
pub(crate) const ANSWER_KEPT: Duration = Duration::from_secs(300);

/// Slow answers that are kept: ten products with six on their pages.
pub(crate) const SLOW_ANSWERS: usize = 64;

/// From one look for values that have earned a row to the next, in times of
/// what it took: 5 % of the time, however many events there are.
pub(crate) const TELL_PAUSE: u32 = 20;

/// For how long a connection to ClickHouse is used again, in seconds: less than
/// any server waits.
pub(crate) const IDLE_SECONDS: u64 = 2;

/// How long another host than the first one is asked before the first one is
/// tried again.
pub(crate) const OTHER_HOST: Duration = Duration::from_secs(60);
