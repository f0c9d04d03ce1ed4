//! Every limit of this room, with its unit and its arithmetic.

use std::time::Duration;

/// Bytes of a body as it is sent. The shipper's batches stay under 512 KiB uncompressed; ten times
/// that leaves room for every other client's.
pub const BODY_BYTES: usize = 5 * 1024 * 1024;

/// Bytes of a body once it is decompressed: what OTLP's specification recommends.
pub const DECOMPRESSED_BYTES: usize = 20 * 1024 * 1024;

/// Bytes of all bodies that are being read at once, decompressed: three of the largest, or 128 of
/// the shipper's. Beyond it a request is sent away for now, so that memory has a bound whatever
/// comes in.
pub const BODY_MEMORY_BYTES: usize = 64 * 1024 * 1024;

/// Bytes in which the room of [`BODY_MEMORY_BYTES`] is handed out: a body holds at most one such piece
/// it does not use.
pub const MEMORY_UNIT_BYTES: usize = 64 * 1024;

/// Bytes in which a body comes out of its compression before they are counted.
pub const CHUNK_BYTES: usize = 32 * 1024;

/// Bytes that Zstandard may look back, and so keeps beside what it has given out: what RFC 8878
/// (section 3.1.1.1.2) asks every decoder for. Its compressors need more at levels above 19 alone.
pub const WINDOW_BYTES: u64 = 8 * 1024 * 1024;

/// Zstandard frames of one body; clients send one. Each costs a fresh start, however little is in
/// it.
pub const FRAMES: usize = 256;

/// How long a client may take over its body. A batch of 512 KiB needs 17 KB/s to make it.
pub const BODY_TIME: Duration = Duration::from_secs(30);

/// Bytes of a body that is already refused which are still read and thrown away, so that the client
/// is there to hear why: a connection closed on unread bytes is reset, and its answer lost.
pub const DISCARDED_BYTES: usize = 64 * 1024 * 1024;

/// How long such a body is read.
pub const DISCARD_TIME: Duration = Duration::from_secs(5);

/// How long a browser may remember that a page may send here. An hour is a page's lifetime.
pub const PREFLIGHT_TIME: Duration = Duration::from_secs(3_600);

/// How long a connection may be silent in the middle of a request or between two.
pub const IDLE_TIME: Duration = Duration::from_secs(60);

/// Connections at once. Each costs a few kilobytes while it is idle; more wait in the system's own
/// queue.
pub const CONNECTIONS: usize = 1_024;

/// How long to wait before the next connection where the system has no more file handles: trying
/// again at once would only spin.
pub const ACCEPT_RETRY_TIME: Duration = Duration::from_millis(500);

/// Requests of the intake at once. More are sent away for now.
pub const REQUESTS: usize = 512;

/// Questions, pages included, at once: each reads the store on a thread of its own.
pub const QUESTIONS: usize = 4;

/// Events that wait for the writer. At 1 KiB an event this is 64 MiB; a request is always let in
/// when nothing waits.
pub const WAITING_EVENTS: usize = 65_536;

/// Seconds after which a client that was sent away for now may come back.
pub const RETRY_SECONDS: u32 = 1;

/// How long a stop waits for requests in flight.
pub const STOP_TIME: Duration = Duration::from_secs(10);

/// Days that a question is about when it names none.
pub const QUESTION_DAYS: i32 = 30;

/// Days that a question may be about: ten years of rollups, 3,660 rows an event.
pub const MOST_QUESTION_DAYS: i32 = 3_660;

/// Days that an event may be ahead of the collector's clock: somebody's tomorrow begins up to 14
/// hours before ours, and clocks are wrong.
pub const DAYS_AHEAD: i32 = 1;

/// Bytes of a pseudonym: 128 bits of an HMAC-SHA256. Among 100 million devices two would share one
/// with a probability of 10^16 / 2^129, which is 10^-23.
pub const PSEUDONYM_BYTES: usize = 16;

/// Bytes of the collector's own secret, as long as the hash's output.
pub const SECRET_BYTES: usize = 32;

/// Rows of a list of bars on the page: what fits a screen.
pub const BAR_ROWS: usize = 12;
