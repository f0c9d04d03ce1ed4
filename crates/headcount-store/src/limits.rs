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
