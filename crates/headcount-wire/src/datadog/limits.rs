//! Datadog's limits (its API reference, "Send logs").

/// Logs in one request.
pub const REQUEST_EVENTS: usize = 1_000;

/// Bytes of one request before compression. A batch has at most a tenth as many
/// bytes in its lines, and a log has less than twice the bytes of its line.
pub const REQUEST_BYTES: usize = 5_000_000;

/// Bytes of one log. A line has at most a fifteenth as many.
pub const LOG_BYTES: usize = 1_000_000;

/// Milliseconds since 1970 that are accepted as a log's `date`: until the end
/// of the year 9999, the last year of a date in text.
pub const DATES_MS: std::ops::RangeInclusive<i64> = 0..=253_402_300_799_999;

const _: () = assert!(2 * crate::limits::BATCH_BYTES < REQUEST_BYTES);
const _: () = assert!(2 * crate::limits::LINE_BYTES < LOG_BYTES);
