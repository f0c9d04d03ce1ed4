//! Every limit of this room, with its unit and its arithmetic.

/// Distinct values that a rollup counts for one product, event and property, over all days. What
/// comes after them is counted as [`OTHER`]. A value costs about 20 bytes a day on which it comes:
/// 1,000 values x 20 B x 365 days = 7 MB a year for a property that is full every day.
pub const COUNTED_VALUES: usize = 1_000;

/// Under which value a rollup counts what is beyond [`COUNTED_VALUES`]. A catalog's own bucket of
/// this name is the same row.
pub const OTHER: &str = "other";

/// How long a connection waits for another one's lock, in milliseconds. Nothing but a checkpoint or
/// an operator's own `sqlite3` holds one, for milliseconds.
pub const BUSY_MILLISECONDS: u64 = 5_000;
