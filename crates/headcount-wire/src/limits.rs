//! Every limit on bytes, with its unit and its arithmetic. What a dialect limits
//! besides stands in its own folder.

/// Bytes of one line. The longest record the five seeds can make is under
/// 2 KiB; 64 KiB leaves room for 64 properties of 1 KiB.
pub const LINE_BYTES: usize = 64 * 1024;

/// Events of one batch: 500 lines of 300 bytes are 150 KB, a second of a slow
/// uplink.
pub const BATCH_EVENTS: usize = 500;

/// Bytes of one batch's lines before compression, well under the 1 MB that
/// common proxies take.
pub const BATCH_BYTES: usize = 512 * 1024;

/// Events of one request that a collector looks at: twenty times what the
/// shipper sends.
pub const REQUEST_EVENTS: usize = 10_000;

/// Values of JSON in one body: 4,000 log records of OTLP with 100 each, or
/// 10,000 lines of 40. Whatever a body is made of, they take at most 160 bytes
/// each, 64 MB; the worst are objects of one field (`tests/memory.rs`).
pub const VALUES: usize = 400_000;

/// Levels of JSON. OTLP's own lists have 13; what applications nest within
/// theirs seldom has as many again.
pub const DEPTH: usize = 64;

/// Fields of one event, foreign ones included: ten times what an envelope and
/// 64 properties can have.
pub const FIELDS: usize = 1_024;

/// Values of a list that are looked at.
pub const LIST_VALUES: usize = 1_024;
