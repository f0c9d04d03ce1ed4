//! The limits of every dialect, with their units and arithmetic. Further limits
//! of a dialect are in its own folder.

/// Bytes of one line. The longest record of the five seeds has less than 2 KiB;
/// 64 KiB leaves room for 64 properties of 1 KiB.
pub const LINE_BYTES: usize = 64 * 1024;

/// Events in one batch: 500 lines of 300 bytes are 150 kB, which take a second
/// on a slow uplink.
pub const BATCH_EVENTS: usize = 500;

/// Bytes of the lines of one batch before compression: well below the 1 MB that
/// common proxies accept.
pub const BATCH_BYTES: usize = 512 * 1024;

/// Events in one request that a collector accepts: twenty times what the
/// shipper sends.
pub const REQUEST_EVENTS: usize = 10_000;

/// JSON values in one body: 4,000 OTLP log records with 100 values each, or
/// 10,000 lines with 40. A value takes at most 160 bytes of memory, so all of
/// them take at most 64 MB; objects with one field are the worst case
/// (`tests/memory.rs`).
pub const VALUES: usize = 400_000;

/// Bytes of texts that had escapes, of one body, with 40 bytes for each text:
/// 20 MiB of body are at most 400,000 such texts, which need 36 MiB.
pub const HELD_BYTES: usize = 48 * 1024 * 1024;

/// Levels of nested JSON. OTLP's own lists have 13 levels; applications rarely
/// nest as many again within them.
pub const DEPTH: usize = 64;

/// Fields of one event, including unknown ones: ten times what an envelope of
/// 32 entries and 64 properties need.
pub const FIELDS: usize = 1_024;

/// Items of a list that are read.
pub const LIST_VALUES: usize = 1_024;

/// Levels at which the sentence of a refusal is looked for: `errors`, its first
/// item, that item's `detail`, and one to spare.
pub(crate) const SENTENCE_DEPTH: usize = 4;

/// Bytes of the proof in the answer to an erasure: a product's name, a day, a
/// count, 32 digits for the device and 64 that prove it have 190.
pub const PROOF_BYTES: usize = 256;
