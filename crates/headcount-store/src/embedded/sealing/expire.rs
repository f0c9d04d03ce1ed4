//! Days whose raw events are too old.

use headcount_catalog::Day;
use rusqlite::{Error, TransactionBehavior, params};

use super::super::writer::DatabaseWriter;
use super::super::writer_slices::WriterSlices;
use super::tables;
use super::write::sealing;
use crate::StoreError;

/// Lets a day expire: its raw events are gone for every reader when this
/// returns. [`super::clean::clean`] and [`super::clean::empty_log`] take them
/// out of the file. Returns how many events that were.
pub(super) fn expire<S: WriterSlices>(
    store: &S,
    (product, day): (&str, Day),
) -> Result<u64, StoreError> {
    store.with_writer(|writer| {
        writer.flush()?;
        let last = writer.last_block();
        let expired =
            expire_day(writer, (product, day), last).map_err(|error| sealing(writer, error))?;
        writer.ids.forget_day(product, day);
        Ok(expired)
    })
}

/// Takes counts out that are older than `first`. Returns the number of days.
pub(super) fn expire_counts<S: WriterSlices>(
    store: &S,
    product: &str,
    first: Day,
) -> Result<u64, StoreError> {
    store.with_writer(|writer| {
        writer.flush()?;
        let DatabaseWriter { connection, rollups, .. } = &mut *writer;
        let mut expire = || {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let days = rollups.expire_counts(&transaction, product, first)?;
            transaction.commit()?;
            Ok(days)
        };
        expire().map_err(|error| sealing(writer, error))
    })
}

/// Lets the window in which values are told begin with a day.
pub(super) fn begin_window<S: WriterSlices>(
    store: &S,
    product: &str,
    first: Day,
) -> Result<(), StoreError> {
    store.with_writer(|writer| {
        writer.flush()?;
        let DatabaseWriter { connection, rollups, .. } = &mut *writer;
        let mut begin = || {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            rollups.begin_window(&transaction, product, first)?;
            transaction.commit()
        };
        begin().map_err(|error| sealing(writer, error))
    })
}

fn expire_day(
    writer: &mut DatabaseWriter,
    (product, day): (&str, Day),
    last: i64,
) -> Result<u64, Error> {
    let DatabaseWriter { connection, rollups, .. } = writer;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    rollups.expire_day(&transaction, product, day)?;
    let segments = tables::segments_of(&transaction, (product, day, day))?;
    let sealed: u64 = segments.iter().map(|segment| segment.rows).sum();
    let fresh: i64 = transaction
        .prepare_cached(include_str!("../../sql/count_fresh.sql"))?
        .query_row(params![product, day.number(), last], |row| row.get(0))?;
    let expired = sealed + fresh.unsigned_abs();
    let sql = include_str!("../../sql/discount_segment.sql");
    for segment in &segments {
        transaction.prepare_cached(sql)?.execute((segment.number,))?;
    }
    transaction.prepare_cached(include_str!("../../sql/cover_blocks.sql"))?.execute(params![
        product,
        day.number(),
        last
    ])?;
    if expired > 0 {
        tables::add_gone(&transaction, (product, day), "expired", expired)?;
    }
    transaction.commit()?;
    Ok(expired)
}
