//! Keeps events and answers questions about them.
//!
//! The promise: **everything that [`Store::append`] has returned is on disk and
//! counted once.** The process may be killed at any time after that; the next
//! start finds every acknowledged event and every number as it was. An event
//! that arrives again, in the same commit or after a year of restarts, is a
//! [`RowStatus::Duplicate`] and changes no answer but the count of duplicates.
//!
//! ```text
//!              one durable commit                       Question -> AnswerRows
//!                      |                                         ^
//!   Commit --> plan: duplicate or stored? --> one transaction    | reads rollups, never
//!   events      (ids and devices of each        blocks           | blocks, and does not
//!   counts       product and day, in memory)    rollups  --------+ wait for a commit
//!                      ^                        outcomes
//!                      |                           |
//!                      +---- when the store opens -+
//! ```
//!
//! A [`Commit`] is what a collector gathered from many requests: events that
//! its catalogs allow, and counts of those that were rejected or refused.
//! [`EmbeddedStore`] keeps them in one SQLite file as blocks: the events of one
//! commit, product and day, column by column.
//!
//! ```
//! use headcount_catalog::{Day, EventId};
//! use headcount_store::{
//!     AnswerRows, Cell, Column, Commit, Counted, DeviceMarks, EmbeddedStore, EventRow, Question,
//!     RowStatus, Store,
//! };
//!
//! # let home = headcount_testkit::Home::new();
//! # let folder = home.path();
//! let store = EmbeddedStore::open(folder)?;
//! let day = Day::parse("2026-11-20").expect("a day");
//! let run = EventRow {
//!     product: "atomic",
//!     day,
//!     id: EventId::new(day, [7; 16]),
//!     event: "atomic_command",
//!     device: None,
//!     marks: DeviceMarks::default(),
//!     columns: vec![Column {
//!         name: "command",
//!         cell: Cell::Word("update"),
//!         counted: Counted::ByValue,
//!     }],
//! };
//! let commit = Commit { rows: vec![run.clone(), run], unstored: Vec::new() };
//! assert_eq!(store.append(&commit)?, [RowStatus::Stored, RowStatus::Duplicate]);
//!
//! let question = Question::Events { product: "atomic".to_owned(), from: day, to: day };
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
//! and merges old days is its own business. An [`EventRow`] already has
//! everything that erasure and retention will need: product, day, and every id
//! as a [`Pseudonym`]. Both will be methods beside this port and change neither
//! an append nor a question. The suite in `contract` (feature `contract`) is
//! the port in executable form, and every store runs it.
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
//! | what a collector hands over or asks for | `port.rs`, `cell.rs`, `question.rs`, then `contract/` |
//! | the bytes of stored events | the layout at the top of `block.rs`, with a new format number |
//! | tables and rollups | `sql/` (one file a query), `embedded/connection.rs` for migrations |
//! | how duplicates are found, how values are counted | `embedded/plan.rs` |
//! | how devices and marks are counted | `embedded/device_counts.rs` |
//! | who may open a data folder | `data_folder.rs` |
//! | a message, or what a caller can tell apart | `error.rs` |
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `contract` | the suite that every store must pass |

// The port: what a collector hands over and asks for.
mod port;
mod cell;
mod schema;
mod content;
mod day_rows;
mod question;
mod error;
pub mod limits;

// Where a store and a collector keep their files.
mod data_folder;

// The store on SQLite: `block` is the bytes of events, `embedded` everything
// around them.
mod block;
mod embedded;

// The suite that every store must pass.
#[cfg(any(test, feature = "contract"))]
pub mod contract;

pub use cell::{Cell, Column, Counted, Pseudonym};
pub use data_folder::DataFolder;
pub use day_rows::{CellColumn, CellRef, Cells, DayRows, RowDevice, RowHead, RowMarks, TextSet};
pub use embedded::{EmbeddedStore, StoredEvents};
pub use error::StoreError;
pub use port::{Commit, DeviceMarks, Erasure, EventRow, Refusal, RowStatus, Store, UnstoredCount};
pub use question::{
    ActiveRow, AnswerRows, EventCountRow, MarkRow, OutcomeRow, ProductRow, Question, ValueRow,
};
pub use schema::{
    ColumnKind, ColumnRole, ColumnShape, EventShape, FailureShape, RollupKind, RowSchema,
};
