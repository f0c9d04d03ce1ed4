//! Where the commit path meets what is sealed and what is counted.
//!
//! The writer ([`super::writer::DatabaseWriter`]) owns one of each, and holds a
//! mutex while it calls them. It calls them in this order:
//!
//! ```text
//! open:    migrate; Schemas::read; KnownIds::read: the heads of segments;
//!          RollupState::read; each fresh block: ids remembered, and if its
//!          number is above the watermark: RollupState::add
//! append:  KnownIds::sort -> one transaction -> KnownIds::commit, add
//! flush:   a transaction of its own: RollupState::flush, then the watermark;
//!          before a question, before sealing, once in a while, when it closes
//! error:   the writer is dropped with all it holds, and opened again
//! ```
//!
//! # Tables that the commit path writes
//!
//! `schema(number, product, body)`, `block(number, product, day, schema, rows,
//! body)`, `sealed_until(product, day, block)`, `watermark(block)`, `outcome`,
//! `rejected`. Block numbers only rise (AUTOINCREMENT: a number never comes
//! again). A block of a product and day whose number is at most that of
//! `sealed_until` is covered: nobody reads it, and it may be deleted in slices.
//! To seal: flush the rollups, write the sealed segment and raise
//! `sealed_until` in one transaction, then tell `DayIds::sealed`.
//!
//! # Sealing, merging, expiry, erasure
//!
//! They are functions over `WriterSlices`: each slice takes the writer's
//! mutex for a short time, and commits go on between two slices. An error in a
//! slice drops the writer, like an error in a commit.

use rusqlite::{Connection, Transaction};

use crate::DayRows;

/// Adds rows up. What it holds in memory is its tables and the rows that were
/// added since they were last written.
pub(super) trait RollupState: Sized {
    /// Reads the tables.
    fn read(connection: &Connection) -> Result<Self, rusqlite::Error>;

    /// Counts rows that are on disk and new. It cannot fail, so that a commit
    /// that is on disk is counted.
    fn add(&mut self, rows: &DayRows);

    /// Writes what was added. The caller writes the watermark in the same
    /// transaction. If the transaction fails, the caller drops the whole state.
    fn flush(&mut self, transaction: &Transaction<'_>) -> Result<(), rusqlite::Error>;
}
