//! Datadog's limits (its API reference, "Send logs").

/// Logs in one request.
pub const REQUEST_EVENTS: usize = 1_000;

/// Bytes of one request before compression. A batch has at most a tenth as many
/// bytes in its lines, and a log has less than twice the bytes of its line.
pub const REQUEST_BYTES: usize = 5_000_000;

/// Bytes of one log. A line has at most a fifteenth as many.
pub const LOG_BYTES: usize = 1_000_000;

const _: () = assert!(2 * crate::limits::BATCH_BYTES < REQUEST_BYTES);
const _: () = assert!(2 * crate::limits::LINE_BYTES < LOG_BYTES);
