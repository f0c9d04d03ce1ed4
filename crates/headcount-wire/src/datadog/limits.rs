//! What Datadog takes at once (its API's reference, "Send logs").

/// Logs of one request.
pub const REQUEST_EVENTS: usize = 1_000;

/// Bytes of one request before compression. A batch's lines are at most a tenth
/// of it, and no log is twice its line.
pub const REQUEST_BYTES: usize = 5_000_000;

/// Bytes of one log; a line is at most a fifteenth of it.
pub const LOG_BYTES: usize = 1_000_000;

/// Milliseconds since 1970 that can be a log's `date`: to the end of the year
/// 9999, the last that a date in text can name.
pub const DATES_MS: std::ops::RangeInclusive<i64> = 0..=253_402_300_799_999;

const _: () = assert!(2 * crate::limits::BATCH_BYTES < REQUEST_BYTES);
const _: () = assert!(2 * crate::limits::LINE_BYTES < LOG_BYTES);
