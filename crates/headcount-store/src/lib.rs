//! Keeps events and answers questions about them.
//!
//! The promise: **everything that [`Store::append`] has returned is on disk and
//! counted once.** The process may be killed at any time after that; the next
//! start finds every acknowledged event and every number as it was. An event
//! that arrives again, in the same commit or after a year of restarts, is a
//! [`RowStatus::Duplicate`] and changes no answer but the count of duplicates.
//!
//! ```text
//!            one durable commit                              Question -> AnswerRows
//!                    |                                              ^
//!   Commit --> duplicate or new? --> one transaction --> counted    | reads rollups, and
//!   rows        (ids in memory,       blocks             in memory  | events only if asked
//!   counts       sealed ids)          outcomes              |       |
//!                                        |                  v       |
//!                  when the store opens, +------------> rollups ----+
//!                  and blocks are sealed later            written now and then
//! ```
//!
//! A [`Commit`] is what a collector gathered from many requests: events that
//! its catalogs allow, and counts of those that were rejected or refused.
//! [`EmbeddedStore`] keeps them in one SQLite file as blocks: the events of one
//! commit, product and day, column by column. A thread of the store seals days
//! that have many of them; [`Store::keep_house`] seals what is left of closed
//! days and lets days expire.
//!
//! ```
//! use std::sync::Arc;
//!
//! use headcount_catalog::{Day, EventId};
//! use headcount_store::{
//!     AnswerRows, CellRef, ColumnKind, ColumnShape, Commit, DayRows, EmbeddedStore, EventShape,
//!     Question, RollupKind, RowDevice, RowHead, RowMarks, RowSchema, RowStatus, Store,
//!     VersionScope,
//! };
//!
//! # let home = headcount_testkit::Home::new();
//! # let folder = home.path();
//! let event = EventShape { name: "atomic_command".into(), across: Vec::new(), failure: None };
//! let command = ColumnShape {
//!     words: vec!["init".into(), "update".into()],
//!     rollup: RollupKind::Values,
//!     ..ColumnShape::plain("command", ColumnKind::Word)
//! };
//! let schema = Arc::new(RowSchema::new("atomic".into(), vec![event], vec![command]));
//!
//! let day = Day::parse("2026-11-20").expect("a day");
//! let mut rows = DayRows::new(schema, day);
//! let id = EventId::new(day, [7; 16]);
//! let (marks, device) = (RowMarks::default(), RowDevice::None);
//! let head = RowHead { event: 0, weight: 1, marks, device };
//! rows.push(id, head, [(0, CellRef::Word(1))]);
//! rows.push(id, head, [(0, CellRef::Word(1))]);
//! rows.push(id, head, [(0, CellRef::Word(0))]);
//!
//! let store = EmbeddedStore::open(folder)?;
//! let statuses = store.append(&Commit { rows: vec![rows], ..Commit::default() })?;
//! assert_eq!(statuses, [[RowStatus::Stored, RowStatus::Duplicate, RowStatus::OtherContent]]);
//!
//! let (product, versions) = ("atomic".to_owned(), VersionScope::All);
//! let question = Question::Events { product, from: day, to: day, versions };
//! let AnswerRows::Events(rows) = store.ask(&question)? else { unreachable!("asked for events") };
//! assert_eq!((rows[0].event.as_str(), rows[0].count), ("atomic_command", 1));
//! # Ok::<(), headcount_store::StoreError>(())
//! ```
//!
//! # Devices
//!
//! A device with an id is active in a day, a week or a month if it has an event
//! there, and each is counted once, exactly, while raw events live. A device
//! without an id says so itself: it marks its first event of each period, and
//! the store adds the marks up, by the period that the event's own day is in.
//! Neither count is ever taken back, and neither holds anything that stands
//! for a device.
//!
//! # What the port asks of a store
//!
//! The port knows nothing of blocks, files or SQLite. A clustered store may
//! acknowledge from its own durable spool and call a duplicate
//! [`RowStatus::Stored`], as long as no question counts it. How a store seals
//! and merges old days is its own business. Rows come as [`DayRows`]: places of
//! a [`RowSchema`] instead of names, column by column, so that nothing is
//! looked up by name between the judge and the disk. The suite in `contract`
//! (feature `contract`) is the port in executable form, and every store runs
//! it: it needs only a fixture.
//!
//! # Raw events
//!
//! Rollups know the counts that a schema promises. Whatever else is asked, such
//! as a filter by several values or a pair that no catalog names, is counted
//! from raw events ([`Question::Raw`]): of the days for which they are kept,
//! and of no more events than [`limits::RAW_QUESTION_EVENTS`].
//!
//! # Duplicates
//!
//! An event is known by product, day and id, and exactly, as long as its raw
//! event lives. The ids of fresh events are in memory, with a hash of each
//! event's content; those of sealed events are looked up in their segments. The
//! same id with other content is [`RowStatus::OtherContent`]: the first one
//! stays, and whoever sent the second one hears of it. The hash is made of
//! names and words, so an event that is sent again after its catalog has
//! changed is still a duplicate.
//!
//! # What is durable when
//!
//! An append returns after one transaction with one sync: events, how they
//! ended, and where and why others were rejected. Rollups are counted in memory
//! then, and written later with the number of the last block that they contain.
//! Whatever happens in between, the next start counts the blocks after that
//! number again. After any error that leaves a doubt whether memory and file
//! agree, memory is dropped and read again.
//!
//! # What this crate does not do
//!
//! It speaks no HTTP, reads no clock, checks no event against a catalog and
//! makes no pseudonym. It accepts every day: the collector decides before which
//! day is too old or in the future.
//!
//! # Where to change what
//!
//! | to change | open |
//! | --- | --- |
//! | what a collector hands over or asks for | `port.rs`, `schema.rs`, `day_rows.rs`, `question.rs`, `answer_rows.rs`, then `contract/` |
//! | how raw events are counted for a question | `raw_question.rs`, `step_count.rs`, `step_chains.rs`, `next_count.rs`, `visits.rs`, `embedded/raw_counts.rs` and below |
//! | the bytes of fresh events | the layout at the top of `block.rs`, with a new format number |
//! | the bytes of sealed events | the layout at the top of `sealed.rs` |
//! | tables, and how older files become new ones | `sql/` (one file a query), `embedded/migration.rs` |
//! | how duplicates are found | `embedded/dedup.rs`, `embedded/ids/`, `sealed/` |
//! | when what is written | `embedded/writer.rs` and `embedded/seams.rs` |
//! | what is counted, and how questions are answered | `embedded/rollups.rs` and below; without an open store `embedded/stored_answers.rs` |
//! | sealing, merging, expiry, erasure | `embedded/sealing.rs` and below |
//! | how the books are proved from the disk | `embedded/examine.rs` and below |
//! | what SQL may do, and how it reads events | `embedded/analysis.rs` and below |
//! | how the file is copied while it is written | `embedded/backup.rs` |
//! | who may open a data folder, and what others are told | `data_folder.rs` |
//! | how commits wait for a store elsewhere | `spool.rs` and below |
//! | the store on ClickHouse | `clickhouse.rs`, which says what is where |
//! | how questions are answered on ClickHouse | `clickhouse/ask.rs` and below, and the SQL in `clickhouse/sql/` |
//! | a message, or what a caller can tell apart | `error.rs` |
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `contract` | the suite that every store must pass |
//! | `clickhouse` | a store on ClickHouse |

// The port: what a collector hands over and asks for.
mod port;
mod pseudonym;
mod schema;
mod content;
mod mixing;
mod day_rows;
mod version_scope;
mod value_filter;
mod raw_question;
mod step_count;
mod step_chains;
mod next_count;
mod visits;
mod question;
mod answer_rows;
mod error;
pub mod limits;

// Where a store and a collector keep their files.
mod data_folder;
mod file_identity;

// What waits on this machine for a store elsewhere.
mod spool;

// The store on SQLite: `block` is the bytes of events, `embedded` everything
// around them.
mod block;
mod sealed;
mod embedded;

// The store on ClickHouse.
#[cfg(feature = "clickhouse")]
mod clickhouse;

// The suite that every store must pass.
#[cfg(any(test, feature = "contract"))]
pub mod contract;

#[cfg(feature = "clickhouse")]
pub use clickhouse::{
    ClickHouseAddress, ClickHouseSettings, ClickHouseStore, MovedDay, move_events,
};

pub use answer_rows::{
    ActiveRow, AnswerRows, CohortRow, EventCountRow, FailureRow, MarkRow, NextRow, OutcomeRow,
    PairRow, ProductRow, QuantileRow, RawAnswer, RejectedRow, StepRow, ValueRow, VersionRow,
};
pub use data_folder::{DataFolder, LockHolder};
pub use day_rows::{
    CellColumn, CellRef, Cells, DayRows, NamedCell, NamedRow, RowDevice, RowHead, RowMarks, TextSet,
};
pub use embedded::{
    Analysis, AnalysisColumn, AnalysisError, AnalysisLimits, AnalysisRows, AnalysisSource,
    AnalysisTable, AnalysisValue, BooksReport, EmbeddedStore, FUNCTIONS, StoredAnswers,
    StoredEvents, copy_store, examine,
};
pub use error::StoreError;
pub use next_count::{FollowedEvent, NextCount};
pub use port::{
    Commit, Erasure, HousePolicy, HouseReport, ProductRetention, Refusal, RejectedCount, RowStatus,
    SpoolFill, Store, StoreProblem, UnstoredCount,
};
pub use pseudonym::Pseudonym;
pub use question::Question;
pub use raw_question::{RawCount, RawQuestion};
pub use schema::{
    ColumnKind, ColumnRole, ColumnShape, EventShape, FailureShape, RollupKind, RowSchema,
};
pub use spool::{Spool, SpoolTotals, SpooledBatch, SpooledRejected};
pub use step_count::{Step, StepCount, StepFollower};
pub use value_filter::ValueFilter;
pub use version_scope::VersionScope;
