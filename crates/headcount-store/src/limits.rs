//! Every limit of this crate, with its unit and its arithmetic.

/// Distinct values that a rollup counts for one product, event and property,
/// over all days. Further values are counted together as [`OTHER`]. A value
/// costs about 20 bytes on each day on which it comes: 1,000 values x 20 B x
/// 365 days = 7 MB a year for a property that is full every day.
pub const COUNTED_VALUES: usize = 1_000;

/// The value under which a rollup counts everything beyond [`COUNTED_VALUES`].
/// A catalog's own bucket of this name shares the row.
pub const OTHER: &str = "other";

/// How long a connection waits for a lock that another one holds, in
/// milliseconds. Only a checkpoint or an operator's own `sqlite3` holds one,
/// and normally for a few milliseconds.
pub const BUSY_MILLISECONDS: u64 = 5_000;

/// Words of one column's closed set: a word's code has 16 bits.
pub const WORDS: usize = 65_535;

/// Rows that are counted in memory before the rollups are written. A start
/// counts at most so many again: 262,144 x 0.3 µs = 0.08 s.
pub const UNFLUSHED_ROWS: usize = 262_144;

/// Commits, by product and day, before the rollups are written, if they are
/// small: at one event a commit and 4,000 commits a second, about a second.
pub const UNFLUSHED_BLOCKS: u64 = 4_096;

/// Rows of a product and day that say where and why events were rejected, before
/// further versions of programs, which senders choose, are counted together as
/// [`OTHER`]. A row has about 100 B: 1,000 x 100 B x 365 days = 37 MB a year if
/// all days are full.
pub const REJECTED_ROWS: i64 = 1_000;
