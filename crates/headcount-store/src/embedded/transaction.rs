//! Writes a commit to the file, in one transaction with one sync.

use std::borrow::Cow;
use std::collections::BTreeMap;

use headcount_catalog::Reason;
use rusqlite::{Connection, Error, Transaction, TransactionBehavior, params};

use super::schemas::Schemas;
use crate::block::encode;
use crate::{Commit, DayRows, RejectedCount, RowStatus, limits};

/// Commits new rows and counts. They are on disk when this returns, or after an
/// error not at all. Returns the number of the last block.
pub(super) fn write(
    connection: &mut Connection,
    schemas: &mut Schemas,
    last_block: i64,
    new: &[Cow<'_, DayRows>],
    counts: &CommitCounts<'_>,
) -> Result<i64, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut number = last_block;
    for rows in new {
        number += 1;
        write_block(&transaction, schemas, number, rows)?;
    }
    for rejected in counts.rejected.iter().filter(|rejected| rejected.count > 0) {
        write_rejected(&transaction, rejected)?;
    }
    write_outcomes(&transaction, &counts.outcomes)?;
    transaction.commit()?;
    Ok(number)
}

/// Writes rows as a block of this number.
pub(super) fn write_block(
    transaction: &Transaction<'_>,
    schemas: &mut Schemas,
    number: i64,
    rows: &DayRows,
) -> Result<(), Error> {
    let schema = schemas.number(transaction, rows.schema())?;
    transaction.prepare_cached(include_str!("../sql/write_block.sql"))?.execute(params![
        number,
        rows.schema().product(),
        rows.day().number(),
        schema,
        rows.len() as i64,
        encode(rows)
    ])?;
    Ok(())
}

/// What a commit adds to counts.
pub(super) struct CommitCounts<'c> {
    outcomes: BTreeMap<OutcomeKey<'c>, u64>,
    rejected: &'c [RejectedCount],
}

/// What arrivals are counted by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct OutcomeKey<'c> {
    product: &'c str,
    outcome: &'static str,
    /// Empty for stored events and duplicates.
    reason: &'static str,
}

impl<'c> CommitCounts<'c> {
    /// Counts how the arrivals of a commit ended.
    pub(super) fn of(commit: &'c Commit, statuses: &[Vec<RowStatus>]) -> Self {
        let mut outcomes = BTreeMap::new();
        let mut add = |product, outcome, reason, count| {
            if count > 0 {
                *outcomes.entry(OutcomeKey { product, outcome, reason }).or_default() += count;
            }
        };
        for (rows, statuses) in commit.rows.iter().zip(statuses) {
            let product = rows.schema().product();
            let count = |of| statuses.iter().filter(|status| **status == of).count() as u64;
            add(product, "stored", "", count(RowStatus::Stored));
            add(product, "duplicate", "", count(RowStatus::Duplicate));
            let other = Reason::OtherContent.name();
            add(product, "rejected", other, count(RowStatus::OtherContent));
        }
        for unstored in &commit.unstored {
            add(unstored.product, unstored.outcome, unstored.reason, unstored.count);
        }
        Self { outcomes, rejected: &commit.rejected }
    }
}

fn write_outcomes(
    transaction: &Transaction<'_>,
    outcomes: &BTreeMap<OutcomeKey<'_>, u64>,
) -> Result<(), Error> {
    let mut outcome = transaction.prepare_cached(include_str!("../sql/write_outcome.sql"))?;
    for (OutcomeKey { product, outcome: name, reason }, count) in outcomes {
        outcome.execute(params![product, name, reason, number(*count)])?;
    }
    Ok(())
}

/// Senders choose their versions, so only so many get rows of their own.
fn write_rejected(transaction: &Transaction<'_>, row: &RejectedCount) -> Result<(), Error> {
    let (day, reason, count) = (row.day.number(), row.reason.name(), number(row.count));
    let program = row.program.as_deref().unwrap_or("");
    let (product, path, kind, catalog) = (row.product, &row.path, row.kind, row.catalog);
    let mut add = transaction.prepare_cached(include_str!("../sql/add_rejected.sql"))?;
    if add.execute(params![product, day, path, kind, reason, catalog, program, count])? > 0 {
        return Ok(());
    }
    let mut rows = transaction.prepare_cached(include_str!("../sql/count_rejected.sql"))?;
    let rows: i64 = rows.query_row(params![product, day], |row| row.get(0))?;
    let is_full = rows >= limits::REJECTED_ROWS;
    let program = if is_full && !program.is_empty() { limits::OTHER } else { program };
    let mut write = transaction.prepare_cached(include_str!("../sql/write_rejected.sql"))?;
    write.execute(params![product, day, path, kind, reason, catalog, program, count])?;
    Ok(())
}

/// SQLite has signed integers only.
fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
