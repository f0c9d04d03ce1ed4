//! Every limit of this crate, with its unit and its arithmetic.

#[cfg(feature = "clickhouse")]
pub(crate) mod clickhouse;

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

/// Prepared statements that a connection keeps. The writer has 55: 13 that
/// write rollups, 8 of an append, 14 that seal, merge and delete, and 20 of
/// expiry and erasure. With fewer, a flush would have the statements of the
/// next append compiled anew.
pub(crate) const CACHED_STATEMENTS: usize = 64;

/// Words of one column's closed set: a word's code has 16 bits.
pub const WORDS: usize = 65_535;

/// Rows that are counted in memory before the rollups are written. A start
/// counts at most so many again: 262,144 x 0.3 µs = 0.08 s.
pub const UNFLUSHED_ROWS: usize = 262_144;

/// Commits, by product and day, before the rollups are written, if they are
/// small: at one event a commit and 4,000 commits a second, about a second.
pub const UNFLUSHED_BLOCKS: u64 = 4_096;

/// Rows of a product and day that say where and why events were rejected,
/// before further versions of programs, which senders choose, are counted
/// together as [`OTHER`]. A row has about 100 B: 1,000 x 100 B x 365 days = 37
/// MB a year if all days are full.
pub const REJECTED_ROWS: i64 = 1_000;

/// Devices that must have told a value of an open vocabulary before it gets a
/// row of its own. Fewer could be one person who invents values. The whole rule
/// is at the top of `contract/model/vocabulary.rs`.
pub const TELLERS: usize = 5;

/// Values of one open vocabulary that wait for [`TELLERS`] devices. One takes
/// about 200 bytes in memory and as much on disk: 200 KB a vocabulary. If there
/// are more, half of them go: those with the fewest devices, then the oldest.
pub const CANDIDATES: usize = 1_000;

/// Values of one open vocabulary that can become candidates between two writes
/// of the rollups, which is about a second. Further ones are counted as
/// [`OTHER`] at once. 4,096 x 200 B = 800 KB.
pub const NEW_CANDIDATES: usize = 4_096;

/// Cells of one day of one rollup: versions times values times outcomes. Beyond
/// them, the rarest are counted under the version [`OTHER`]. A cell takes about
/// 5 bytes: 100 KB.
pub const CELLS: usize = 20_000;

/// Counters of one column that lie side by side in memory between two writes of
/// the rollups; the others are in a map. 65,536 x 8 B = 512 KiB.
pub(crate) const SIDE_BY_SIDE: usize = 65_536;

/// Pieces in which the devices of one day are on disk before they are written
/// as one piece. Each device is then written twice a day at most, and a 16th
/// more often for each further piece.
pub(crate) const SET_PIECES: u32 = 16;

/// Rows of a sealed chunk. A merge holds one chunk of each source, at about 200
/// bytes a row: 8 sources x 32,768 rows x 200 B = 52 MiB.
pub const CHUNK_ROWS: usize = 32_768;

/// Distinct texts of a sealed chunk, in bytes: a chunk that has more ends
/// early.
pub const CHUNK_TEXT_BYTES: usize = 8 * 1024 * 1024;

/// Bytes of a page of sealed ids: with its row of the table it fits one page of
/// SQLite, 4,096 bytes.
pub const ID_PAGE_BYTES: usize = 4_000;

/// Fresh rows of a product and day that are sealed together. Sealing holds them
/// in memory, at about 200 bytes a row: 262,144 x 200 B = 50 MiB.
pub const SEAL_ROWS: usize = 262_144;

/// How often fresh rows are counted while so many come as are sealed together:
/// every 262,144 / 32 = 8,192 rows.
pub const BACKLOG_COUNTS: usize = 32;

/// Fresh rows of all days together, in multiples of [`SEAL_ROWS`], of which the
/// largest day is sealed although it has fewer. A fresh id takes 30 to 60 B in
/// memory, and up to 135 B if another one of its run has come twice: 2 x
/// 262,144 x 135 B = 71 MB at most.
pub const BACKLOG_WHOLE: usize = 2;

/// Fresh rows of all days, in multiples of [`SEAL_ROWS`], from which each
/// append waits until a day is sealed, but no longer than
/// [`BACKLOG_PAUSE_MILLISECONDS`]: 4 x 262,144 x 135 B = 142 MB at most.
pub const BACKLOG_SLOW: usize = 4;
/// See [`BACKLOG_SLOW`].
pub const BACKLOG_PAUSE_MILLISECONDS: u64 = 100;

/// Fresh rows of all days, in multiples of [`SEAL_ROWS`], from which appends
/// fail: 16 x 262,144 x 135 B = 566 MB at most. They come so far only if
/// sealing fails.
pub const BACKLOG_FULL: usize = 16;

/// From a failure of sealing in the background to the next try.
pub const SEAL_RETRY_MILLISECONDS: u64 = 1_000;

/// Erasures that failed after their events were gone, and whose number of
/// events is kept for the next try. 1,000 x 100 B.
pub const UNTOLD_ERASURES: usize = 1_000;

/// Segments of about the same size that are merged into one: an event is then
/// written about three times in a day of 100 million (262,144 x 8 x 8 x 8 = 134
/// million), and an open day has at most 7 segments of each size after a
/// housekeeping.
pub const MERGED_SEGMENTS: usize = 8;

/// Ids in the one shard of a table before it is split into
/// [`ID_TABLE_SHARDS`].
pub const WHOLE_ID_TABLE: usize = 65_536;

/// Shards of a large table of ids. Each is copied when it grows: of a day of
/// 100 million ids, 100 million / 256 x 15 ns = 6 ms. A power of two.
pub const ID_TABLE_SHARDS: usize = 256;

/// Ids of one day that were looked up in unread segments before all ids of
/// these begin to be read into memory: 4,096 x 10 µs = 40 ms for each segment.
/// Those of a closed day are only if there is room.
pub const LOOKED_UP: usize = 4_096;

/// Sealed ids in memory of all days that are not open, beside those of the day
/// that was last written to: 4 million x up to 21 B = 84 MB.
pub const CLOSED_IDS: u64 = 4_000_000;

/// Pages of sealed ids that are read into memory at once while commits wait: 64
/// x about 350 ids x 60 ns = 1.3 ms.
pub const READ_ID_PAGES: usize = 64;

/// Chunks, blocks and pages of ids that are deleted at once while commits wait:
/// 8 x 0.7 MiB, 32 x up to 0.4 MiB, 1,024 x 4 KiB.
pub const DELETED_CHUNKS: usize = 8;
/// See [`DELETED_CHUNKS`].
pub const DELETED_BLOCKS: usize = 32;
/// See [`DELETED_CHUNKS`].
pub const DELETED_PAGES: usize = 1_024;

/// Free pages of the file that are given back at once while commits wait: each
/// may move another page.
pub const VACUUMED_PAGES: usize = 512;

/// How often a checkpoint that must empty the log is tried while a reader is in
/// the way, and the milliseconds between two tries: 200 x 50 ms = 10 s.
pub const CHECKPOINT_TRIES: u32 = 200;
/// See [`CHECKPOINT_TRIES`].
pub const CHECKPOINT_PAUSE_MILLISECONDS: u64 = 50;

/// Pages that a backup copies between two words about its progress: 4,096 x 4
/// KiB = 16 MiB, about 20 ms from memory and 100 ms from a disk.
pub(crate) const COPIED_PAGES: i32 = 4_096;

/// Raw events in the days of a question that counts them. One core of its own
/// reads 7 to 18 million sealed ones a second, and 2 to 4 million where eight
/// others want it (`examples/store_raw.rs`): 10 million take a second, and up
/// to five.
pub const RAW_QUESTION_EVENTS: u64 = 10_000_000;

/// Steps of one question: an event has a bit for each that it can be.
pub const STEPS: usize = 8;

/// Events of one question about steps that can be a step and can be followed.
/// They are in memory and sorted: 4,000,000 x 16 B = 64 MB, and 96 MB while the
/// list grows; a collector asks four questions at once. The times between steps
/// are fewer than the events: 32 MB.
pub const STEP_EVENTS: u64 = 4_000_000;

/// Events of one question about what comes next that can be followed: every
/// event that is looked at is in memory, and sorted. 2,000,000 x 24 B = 48 MB,
/// and 72 MB while the list grows; those that ClickHouse tells are 80 B with
/// their values, 160 MB.
pub const VISIT_EVENTS: u64 = 2_000_000;

/// Bytes of the note beside a lock: a number, a time, and a URL of an address.
pub(crate) const LOCK_NOTE_BYTES: u64 = 1_024;

/// Bytes of a value in a query for analysts: room for a list of 25,000
/// pseudonyms.
pub(crate) const ANALYSIS_VALUE_BYTES: i32 = 1024 * 1024;

/// Bytes of a query: twenty pages of text.
pub(crate) const ANALYSIS_QUERY_BYTES: i32 = 64 * 1024;

/// Levels of an expression. People write up to ten.
pub(crate) const ANALYSIS_DEPTH: i32 = 100;

/// Queries that are put together with `UNION` and its kin.
pub(crate) const ANALYSIS_COMPOUNDS: i32 = 50;

/// Operations of a compiled query: a join of ten tables has about a thousand.
pub(crate) const ANALYSIS_OPERATIONS: i32 = 25_000;

/// Bytes of a pattern of `LIKE` or `GLOB`, which costs at most its length times
/// that of the text for each row.
pub(crate) const ANALYSIS_PATTERN_BYTES: i32 = 200;

/// Bytes that all queries of a process may take for sorting and grouping: about
/// two million groups.
pub(crate) const ANALYSIS_HEAP_BYTES: i64 = 256 * 1024 * 1024;

/// Steps of a query between two looks at the clock: about 20 µs.
pub(crate) const ANALYSIS_STEPS: i32 = 1_000;

/// Tables of events that a query reads at once: 8 x 32,768 rows x 200 B = 52
/// MiB.
pub(crate) const ANALYSIS_CURSORS: usize = 8;

/// Bytes of a spool's batch after which the next commit begins another one:
/// about 200,000 events of 40 B, a few seconds of a busy collector, and what
/// one insert into a column store takes well.
pub const SPOOL_BATCH_BYTES: u64 = 8 * 1024 * 1024;

/// Days of arrival whose sums of rejected events a spool keeps, before the
/// newest one. Events are rejected on the day that they arrive, so older sums
/// rise no more, unless the clock was ahead: by up to a year, none is lost. Of
/// a day, 50 rows of 100 B are many: 400 x 50 x 100 B = 2 MB.
pub const SPOOL_TOTAL_DAYS: i32 = 400;
