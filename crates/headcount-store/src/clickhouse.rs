//! The store on ClickHouse: events are durable here before they are
//! acknowledged, and everything else is the server's.
//!
//! ```text
//! append --> spool (synced) --> acknowledged          ask, erase, keep_house
//!              | sealed batches, in order                       |
//!              v the same bytes and token on every try          v
//!            events, batches, outcomes, rejected  ----->  questions in SQL
//! ```
//!
//! Any number of collectors ship to one database. A batch that arrives twice,
//! from one collector or from two, is counted once: its events lie under their
//! own product, day and id. Counts of days are made again from the events while
//! new ones come (`sql/tables/004_cells.sql`), and a question adds what no
//! count contains yet.

mod address;
mod sql_files;
mod problem;
mod statement;
mod client;
mod migration;
mod row_binary;

pub use address::ClickHouseAddress;
use client::{Client, Patience};
use problem::Problem;
use statement::Statement;
