//! Turns fresh blocks into a sealed segment.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use headcount_catalog::Day;
use rusqlite::{Connection, params};

use super::super::fresh_blocks::{FreshBlock, each_block};
use super::super::ids::SealableRun;
use super::super::schemas::Schemas;
use super::super::writer_slices::WriterSlices;
use super::backlog::RawDay;
use super::clean::clean_blocks;
use super::house::House;
use super::write::{DayState, SegmentSource, SegmentWriter};
use crate::sealed::{SchemaPlaces, SealedRows, SlotDevice, one_schema};
use crate::{DayRows, RowSchema, StoreError, limits};

/// Seals the fresh events of a product and day, in one segment or several:
/// those that are there now, so that it ends although more come. Returns how
/// many events that were.
pub(super) fn seal<S: WriterSlices>(
    store: &S,
    (connection, file): (&Connection, &Path),
    (product, day, state): (&str, Day, DayState),
) -> Result<u64, StoreError> {
    let until = end_run(store, (product, day), state)?;
    let mut sealed = 0;
    loop {
        let run = store.with_writer(|writer| {
            Ok(writer.ids.known_day(product, day).and_then(|ids| ids.sealable(until)))
        })?;
        let Some(run) = run else { return Ok(sealed) };
        sealed += seal_run(store, (connection, file), (product, day), run)?;
    }
}

/// Ends the run that new rows are added to, if the day is closed or no other
/// run has ended: otherwise it waits until it makes a segment. Returns the
/// number of the last block.
fn end_run<S: WriterSlices>(
    store: &S,
    (product, day): (&str, Day),
    state: DayState,
) -> Result<i64, StoreError> {
    store.with_writer(|writer| {
        // What is counted in memory alone must not be sealed: a start would
        // not count it again.
        writer.flush()?;
        let last_block = writer.last_block();
        if let Some(ids) = writer.ids.known_day(product, day)
            && (state == DayState::Closed || ids.sealable(last_block).is_none())
        {
            ids.end_run(last_block);
        }
        Ok(last_block)
    })
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
        seal(store, source, (product, *day, house.state(*day)))?;
        clean_blocks(store)?;
        house.backlog.sealed(&due);
        store.with_writer(|writer| {
            house.count(&mut writer.ids);
            Ok(())
        })?;
        days.insert(due);
    }
    Ok(days)
}

fn seal_run<S: WriterSlices>(
    store: &S,
    source: (&Connection, &Path),
    (product, day): (&str, Day),
    run: SealableRun,
) -> Result<u64, StoreError> {
    if run.is_empty {
        return store.with_writer(|writer| {
            writer.ids.day(product, day).sealed(run, None);
            Ok(0)
        });
    }
    let rows = read_run(source, (product, day), run)?;
    let (schema, rows) = in_one_schema(store, product, rows)?;
    let mut writer = SegmentWriter::begin(store, (product, day), &schema)?;
    let mut written = Ok(());
    SealedRows::sorted_chunks(&rows, |chunk| {
        if written.is_ok() {
            written = writer.push(&chunk);
        }
    });
    written?;
    writer.finish(&SegmentSource::Blocks(run))
}

/// Reads the rows of a run, grouped by schema, each group with the schema's
/// number.
fn read_run(
    (connection, file): (&Connection, &Path),
    (product, day): (&str, Day),
    run: SealableRun,
) -> Result<Vec<(i64, DayRows)>, StoreError> {
    let schemas = Schemas::read(connection, file)?;
    let mut all: Vec<(i64, DayRows)> = Vec::new();
    let sql = include_str!("../../sql/read_run_blocks.sql");
    let parameters = params![product, day.number(), run.last_block];
    each_block(connection, file, sql, parameters, |block: &FreshBlock<'_>| {
        let rows = block.rows(&schemas)?;
        match all.iter_mut().find(|(schema, _)| *schema == block.schema) {
            Some((_, before)) => before.append(&rows),
            None => all.push((block.schema, rows)),
        }
        Ok(())
    })?;
    Ok(all)
}

/// Brings all rows to one schema, and their devices to slots.
fn in_one_schema<S: WriterSlices>(
    store: &S,
    product: &str,
    mut all: Vec<(i64, DayRows)>,
) -> Result<(Arc<RowSchema>, Vec<SealedRows>), StoreError> {
    all.sort_by_key(|(number, _)| *number);
    let schemas: Vec<_> = all.iter().map(|(_, rows)| Arc::clone(rows.schema())).collect();
    let schema = one_schema(&schemas).ok_or_else(|| StoreError::new("there is nothing to seal"))?;
    let mut sealed = Vec::with_capacity(all.len());
    for (_, rows) in all {
        let places = SchemaPlaces::new(rows.schema(), &schema)
            .ok_or_else(|| StoreError::new("cannot seal events: their schemas do not match"))?;
        let mut devices = Vec::with_capacity(rows.len());
        // In slices: commits wait for each of them.
        for heads in rows.heads().chunks(limits::CHUNK_ROWS) {
            store.with_writer(|writer| {
                let slots = writer.rollups.devices_mut(product);
                devices.extend(heads.iter().map(|head| SlotDevice::of(head.device, slots)));
                Ok(())
            })?;
        }
        sealed.push(SealedRows::of(rows, &places, &devices));
    }
    Ok((schema, sealed))
}
