//! Writes a segment in slices, and makes it count.

use std::sync::Arc;

use headcount_catalog::Day;
use rusqlite::{Connection, Error, Transaction, TransactionBehavior, params};

use super::super::ids::{IdSegment, SealableRun};
use super::super::seams::RollupState as _;
use super::super::writer::DatabaseWriter;
use super::super::writer_slices::WriterSlices;
use super::tables::{self, SegmentHead};
use crate::sealed::{ChunkEncoder, SealedRows};
use crate::{RowSchema, StoreError};

/// Whether events of a day are expected, or come late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayState {
    Open,
    Closed,
}

/// Where a segment's rows were before.
pub(super) enum SegmentSource {
    /// Fresh, in the blocks of this run.
    Blocks(SealableRun),
    /// These segments.
    Segments(Vec<i64>),
}

/// A segment that is being written, and does not count.
pub(super) struct SegmentWriter<'s, S> {
    store: &'s S,
    product: String,
    day: Day,
    schema: i64,
    number: i64,
    rows: u64,
    encoder: ChunkEncoder,
}

impl<'s, S: WriterSlices> SegmentWriter<'s, S> {
    /// Begins a segment.
    pub(super) fn begin(
        store: &'s S,
        (product, day): (&str, Day),
        schema: &Arc<RowSchema>,
    ) -> Result<Self, StoreError> {
        let encoder = ChunkEncoder::new()
            .map_err(|error| StoreError::with_source("cannot seal events: no memory", error))?;
        let (schema, number) = store.with_writer(|writer| {
            let known = writer.schemas.len();
            let schemas = &mut writer.schemas;
            let begun = unsynced(&mut writer.connection, |transaction| {
                let schema = schemas.number(transaction, schema)?;
                let number = tables::begin_segment(transaction, (product, day), schema)?;
                Ok((schema, number))
            });
            if begun.is_err() {
                writer.schemas.forget_after(known);
            }
            begun.map_err(|error| sealing(writer, error))
        })?;
        let (product, rows) = (product.to_owned(), 0);
        Ok(Self { store, product, day, schema, number, rows, encoder })
    }

    /// Writes a chunk.
    pub(super) fn push(&mut self, rows: &SealedRows) -> Result<(), StoreError> {
        let chunk = self
            .encoder
            .encode(rows)
            .map_err(|error| StoreError::with_source("cannot seal events: no memory", error))?;
        let Some(chunk) = chunk else { return Ok(()) };
        self.rows += chunk.rows as u64;
        let number = self.number;
        self.store.with_writer(|writer| {
            let write =
                |transaction: &Transaction<'_>| tables::write_chunk(transaction, number, &chunk);
            unsynced(&mut writer.connection, write).map_err(|error| sealing(writer, error))
        })
    }

    /// Makes the segment count, and its source not. From here on it is on disk.
    pub(super) fn finish(self, source: &SegmentSource) -> Result<u64, StoreError> {
        let Self { store, product, day, schema, number, rows, .. } = self;
        let head = SegmentHead { number, product, day, schema, rows };
        store.with_writer(|writer| {
            if let SegmentSource::Blocks(run) = source
                && !writer.ids.day(&head.product, head.day).has(*run)
            {
                return Err(StoreError::new(
                    "the file was read again while events were sealed; they are sealed later",
                ));
            }
            writer.flush()?;
            count(writer, &head, source).map_err(|error| sealing(writer, error))?;
            let segment = IdSegment { number: head.number, rows: head.rows };
            let segment = Some(segment).filter(|segment| segment.rows > 0);
            let ids = writer.ids.day(&head.product, head.day);
            match source {
                SegmentSource::Blocks(run) => ids.sealed(*run, segment),
                SegmentSource::Segments(before) => ids.merged(before, segment),
            }
            Ok(rows)
        })
    }
}

/// The transaction that everything else is built around.
fn count(
    writer: &mut DatabaseWriter,
    head: &SegmentHead,
    source: &SegmentSource,
) -> Result<(), Error> {
    let DatabaseWriter { connection, rollups, .. } = writer;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // The slots that the segment refers to are in the file before it counts.
    rollups.flush(&transaction)?;
    transaction
        .prepare_cached(include_str!("../../sql/count_segment.sql"))?
        .execute(params![head.number, head.rows as i64])?;
    match source {
        SegmentSource::Blocks(run) => {
            transaction
                .prepare_cached(include_str!("../../sql/cover_blocks.sql"))?
                .execute(params![head.product, head.day.number(), run.last_block])?;
        }
        SegmentSource::Segments(before) => {
            let sql = include_str!("../../sql/discount_segment.sql");
            let mut discount = transaction.prepare_cached(sql)?;
            for segment in before {
                discount.execute((segment,))?;
            }
        }
    }
    transaction.commit()
}

/// Runs a transaction of things that do not count yet, or no more. It needs no
/// sync: the log is written in order, so a later transaction that makes them
/// count brings them to the disk.
pub(super) fn unsynced<T>(
    connection: &mut Connection,
    write: impl FnOnce(&Transaction<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    connection.execute_batch("PRAGMA synchronous = NORMAL")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let written = write(&transaction)?;
    transaction.commit()?;
    connection.execute_batch("PRAGMA synchronous = FULL")?;
    Ok(written)
}

pub(super) fn sealing(writer: &DatabaseWriter, error: Error) -> StoreError {
    StoreError::database("seal events in", &writer.file, error)
}
