//! Keep events and answer questions about them.
//!
//! The promise: **what [`Store::append`] has answered is on disk, and counted once.** The process
//! may be killed at any instruction after that; the next start finds every acknowledged event and
//! every number as it was. An event that arrives again, in the same commit or a year of restarts
//! later, is a [`Kept::Duplicate`] and changes no answer but the count of duplicates.
//!
//! ```text
//!              one durable commit                       Question -> Answer
//!                      |                                         ^
//!   Commit --> plan: duplicate or stored? --> one transaction    | reads rollups,
//!   arrivals    (ids and devices of each     blocks              | never blocks, and
//!   tallies      product and day, in memory) rollups  -----------+ never waits for
//!                      ^                     outcomes              a commit
//!                      |                        |
//!                      +---- at the start ------+
//! ```
//!
//! A [`Commit`] is what a collector gathered from many requests: arrivals that its catalogs allow,
//! and tallies of those that never got that far. [`EmbeddedStore`] keeps them in one SQLite file as
//! blocks: the events of one commit, product and day, column by column.
//!
//! ```
//! use headcount_catalog::{Day, EventId};
//! use headcount_store::{
//!     Answer, Arrival, Cell, Column, Commit, Counted, EmbeddedStore, Kept, Question, Store,
//! };
//!
//! # let home = headcount_testkit::Home::new();
//! # let folder = home.path();
//! let store = EmbeddedStore::open(folder)?;
//! let day = Day::parse("2026-11-20").expect("a day");
//! let run = Arrival {
//!     product: "atomic",
//!     day,
//!     id: EventId::new(day, [7; 16]),
//!     event: "atomic_command",
//!     device: None,
//!     columns: vec![Column {
//!         name: "command",
//!         cell: Cell::Word("update"),
//!         counted: Counted::ByValue,
//!     }],
//! };
//! let commit = Commit { arrivals: vec![run.clone(), run], tallies: Vec::new() };
//! assert_eq!(store.append(&commit)?, [Kept::Stored, Kept::Duplicate]);
//!
//! let question = Question::Events { product: "atomic".to_owned(), from: day, to: day };
//! let Answer::Events(rows) = store.ask(&question)? else { unreachable!("asked for events") };
//! assert_eq!((rows[0].event.as_str(), rows[0].count), ("atomic_command", 1));
//! # Ok::<(), headcount_store::StoreError>(())
//! ```
//!
//! # What the port asks of a store
//!
//! The port says nothing of blocks, files or SQLite. A clustered store may acknowledge from its own
//! durable spool and call a duplicate [`Kept::Stored`], as long as no question counts it. Sealing
//! and old days are a store's own business, and an arrival already carries what erasure and
//! retention go by: product, day, and every id as a [`Pseudonym`]. Those two will be verbs beside
//! this port; neither changes what an append or a question is. The suite in `contract` (feature
//! `contract`) is the port in executable form, and every store runs it.
//!
//! # What this crate does not do
//!
//! It speaks no HTTP, reads no clock, judges no event against a catalog and makes no pseudonym.
//! It does not cap days: which day is too old or in the future, the collector decides before.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `contract` | the suite that every store must pass |

mod block;
mod cell;
mod embedded;
mod error;
pub mod limits;
mod port;
mod question;

#[cfg(any(test, feature = "contract"))]
pub mod contract;

pub use cell::{Cell, Column, Counted, Pseudonym};
pub use embedded::EmbeddedStore;
pub use error::StoreError;
pub use port::{Arrival, Commit, Kept, Refusal, Store, Tally};
pub use question::{ActiveRow, Answer, EventsRow, OutcomeRow, ProductRow, Question, ValueRow};
