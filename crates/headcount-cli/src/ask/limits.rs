//! Every limit of asking, with its unit and its arithmetic.

use std::time::Duration;

/// How long a collector may take: a question of ten years waits for four others
/// at most.
pub(super) const ANSWER_TIME: Duration = Duration::from_secs(60);

/// How long a connection may take.
pub(super) const CONNECT_TIME: Duration = Duration::from_secs(10);

/// Bytes of an answer: 3,660 days of a hundred names, 100 bytes a row, are 37
/// MB.
pub(super) const ANSWER_BYTES: u64 = 64 * 1024 * 1024;

/// Bytes of a file with a token.
pub(super) const TOKEN_BYTES: u64 = 4 * 1024;

/// Bytes of a file with certificate authorities.
pub(super) const AUTHORITIES_BYTES: u64 = 4 * 1024 * 1024;

/// Rows of a table that a person reads.
pub(super) const ROWS: usize = 50;

/// Columns of a sparkline: a quarter of days, or a year of weeks.
pub(super) const SPARKLINE_MOST: usize = 92;

/// Fewest columns of a sparkline that says anything.
pub(super) const SPARKLINE_LEAST: usize = 6;

/// Columns of a text that is cut, at least.
pub(super) const TEXT_LEAST: usize = 8;

/// Columns of a bar.
pub(super) const BAR_MOST: usize = 40;
