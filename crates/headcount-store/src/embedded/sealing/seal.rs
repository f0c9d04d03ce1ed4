//! Turns fresh blocks into a sealed segment.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use headcount_catalog::{Day, EventId};
use rusqlite::{Connection, Error, params};

use super::super::fresh_blocks::{FreshBlock, each_block};
use super::super::schemas::Schemas;
use super::super::writer_slices::WriterSlices;
use super::backlog::RawDay;
use super::clean::clean_blocks;
use super::house::House;
use super::write::{DayState, SegmentSource, SegmentWriter};
use crate::sealed::{SchemaPlaces, SealedRows, one_schema};
use crate::{DayRows, RowSchema, StoreError, limits};

/// Seals the fresh events of a product and day, in one segment or several.
/// Returns how many events that were.
pub(super) fn seal<S: WriterSlices>(
    store: &S,
    house: &House,
    (connection, file): (&Connection, &Path),
    (product, day, state): (&str, Day, DayState),
) -> Result<u64, StoreError> {
    let most = i64::try_from(house.seal_rows()).unwrap_or(i64::MAX);
    // What is counted in memory alone must not be sealed: a start would not
    // count it again.
    let last = store.with_writer(|writer| writer.flush().map(|()| writer.last_block()))?;
    let mut sealed = 0;
    while let Some(run) = next_run(connection, (product, day), (last, most))
        .map_err(|error| StoreError::database("read the events in", file, error))?
    {
        // What is left of an open day waits until it makes a segment.
        if sealed > 0 && state == DayState::Open && run.rows < most {
            break;
        }
        sealed += seal_run(store, (connection, file), (product, day, state), run)?;
    }
    Ok(sealed)
}

/// Seals the days that have enough fresh rows, as long as there are some.
/// Returns these days. A merge in progress is not disturbed.
pub(super) fn seal_due<S: WriterSlices>(
    store: &S,
    house: &House,
    source: (&Connection, &Path),
) -> Result<BTreeSet<RawDay>, StoreError> {
    let mut days = BTreeSet::new();
    while let Some(due) = house.backlog.due() {
        let (product, day) = &due;
        seal(store, house, source, (product, *day, house.state(*day)))?;
        clean_blocks(store)?;
        house.backlog.sealed(&due);
        store.with_writer(|writer| {
            house.backlog.count(&writer.fresh);
            Ok(())
        })?;
        days.insert(due);
    }
    Ok(days)
}

/// Some of the oldest fresh blocks of a day.
#[derive(Debug, Clone, Copy)]
struct BlockRun {
    last: i64,
    rows: i64,
}

fn next_run(
    connection: &Connection,
    (product, day): (&str, Day),
    (last, most): (i64, i64),
) -> Result<Option<BlockRun>, Error> {
    let mut read = connection.prepare_cached(include_str!("../../sql/read_run.sql"))?;
    let mut rows = read.query(params![product, day.number(), last])?;
    let mut run = None;
    while let Some(row) = rows.next()? {
        let before = run.map_or(0, |run: BlockRun| run.rows);
        let next = BlockRun { last: row.get(0)?, rows: before + row.get::<_, i64>(1)? };
        run = Some(next);
        if next.rows >= most {
            break;
        }
    }
    Ok(run)
}

fn seal_run<S: WriterSlices>(
    store: &S,
    source: (&Connection, &Path),
    (product, day, state): (&str, Day, DayState),
    run: BlockRun,
) -> Result<u64, StoreError> {
    let blocks = read_run(source, (product, day), run)?;
    let (schema, blocks) = in_one_schema(store, product, blocks)?;
    let ids: Vec<EventId> = blocks.iter().flat_map(SealedRows::ids).copied().collect();
    let mut writer = SegmentWriter::begin(store, (product, day, state), &schema, ids.len())?;
    let mut written = Ok(());
    SealedRows::sorted_chunks(&blocks, |chunk| {
        if written.is_ok() {
            written = writer.push(&chunk);
        }
    });
    written?;
    drop(blocks);
    let rows = writer.finish(&SegmentSource::Blocks(run.last))?;
    // Until they are forgotten, they are known twice.
    for ids in ids.chunks(limits::CHUNK_ROWS) {
        store.with_writer(|writer| {
            writer.fresh.forget(product, day, ids);
            Ok(())
        })?;
    }
    Ok(rows)
}

/// Reads the blocks, each with the number of its schema.
fn read_run(
    (connection, file): (&Connection, &Path),
    (product, day): (&str, Day),
    run: BlockRun,
) -> Result<Vec<(i64, DayRows)>, StoreError> {
    let schemas = Schemas::read(connection, file)?;
    let mut blocks: Vec<(i64, DayRows)> = Vec::new();
    let sql = include_str!("../../sql/read_run_blocks.sql");
    let parameters = params![product, day.number(), run.last];
    each_block(connection, file, sql, parameters, |block: &FreshBlock<'_>| {
        let rows = block.rows(&schemas)?;
        // Blocks of one event are many: they are put together, if they are of
        // one schema.
        match blocks.last_mut().filter(|(schema, _)| *schema == block.schema) {
            Some((_, before)) if before.len() + rows.len() < limits::CHUNK_ROWS => {
                before.append(&rows);
            }
            _ => blocks.push((block.schema, rows)),
        }
        Ok(())
    })?;
    Ok(blocks)
}

/// Brings all rows to one schema, and their devices to slots.
fn in_one_schema<S: WriterSlices>(
    store: &S,
    product: &str,
    mut blocks: Vec<(i64, DayRows)>,
) -> Result<(Arc<RowSchema>, Vec<SealedRows>), StoreError> {
    let mut schemas: Vec<_> =
        blocks.iter().map(|(number, rows)| (*number, Arc::clone(rows.schema()))).collect();
    schemas.sort_by_key(|(number, _)| *number);
    schemas.dedup_by_key(|(number, _)| *number);
    let schemas: Vec<_> = schemas.into_iter().map(|(_, schema)| schema).collect();
    let schema = one_schema(&schemas).ok_or_else(|| StoreError::new("there is nothing to seal"))?;
    let mut all = Vec::with_capacity(blocks.len());
    for (_, rows) in blocks.drain(..) {
        let places = SchemaPlaces::new(rows.schema(), &schema)
            .ok_or_else(|| StoreError::new("cannot seal events: their schemas do not match"))?;
        all.push(store.with_writer(|writer| {
            Ok(SealedRows::of(rows, &places, writer.rollups.devices_mut(product)))
        })?);
    }
    Ok((schema, all))
}
