//! Reads the ids of segments from before the start into memory.

use std::path::Path;

use headcount_catalog::EventId;
use rusqlite::Connection;

use super::super::ids::{DayIds, ReadSegment};
use super::super::writer_slices::WriterSlices;
use super::backlog::RawDay;
use super::house::House;
use super::seal::seal_due;
use super::tables;
use crate::sealed::read_page;
use crate::{StoreError, limits};

/// Reads all segments of a day whose ids are not in memory. Nothing may merge
/// or erase meanwhile; days that become due are sealed between two segments.
pub(super) fn read_ids<S: WriterSlices>(
    store: &S,
    house: &House,
    (connection, file): (&Connection, &Path),
    (product, day): &RawDay,
) -> Result<(), StoreError> {
    while !house.is_wanted() {
        let begun = store.with_writer(|writer| {
            Ok(writer.ids.known_day(product, *day).and_then(DayIds::begin_reading))
        })?;
        let Some(read) = begun else { return Ok(()) };
        read_segment(store, (connection, file), (product, *day), read)?;
        seal_due(store, house, (connection, file))?;
    }
    Ok(())
}

fn read_segment<S: WriterSlices>(
    store: &S,
    (connection, file): (&Connection, &Path),
    (product, day): (&str, headcount_catalog::Day),
    read: ReadSegment,
) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let ids = next_ids(connection, file, (read.segment, after))?;
        let is_end = ids.is_empty();
        after = ids.last().copied();
        let is_known = store.with_writer(|writer| {
            let Some(known) = writer.ids.known_day(product, day) else { return Ok(false) };
            let is_known = known.add_read(read, &ids);
            if is_known && is_end {
                known.is_read(read);
            }
            Ok(is_known)
        })?;
        if is_end || !is_known {
            return Ok(());
        }
    }
}

/// The ids of the next pages; none at the end.
fn next_ids(
    connection: &Connection,
    file: &Path,
    (segment, after): (i64, Option<EventId>),
) -> Result<Vec<EventId>, StoreError> {
    let (mut ids, mut contents) = (Vec::new(), Vec::new());
    for _ in 0..limits::READ_ID_PAGES {
        let page = tables::page_after(connection, segment, ids.last().copied().or(after))
            .map_err(|error| StoreError::database("read the ids in", file, error))?;
        let Some(page) = page else { break };
        read_page(&page, &mut ids, &mut contents).map_err(|damage| {
            StoreError::sealed(file, ("the ids of sealed segment", segment), damage)
        })?;
    }
    Ok(ids)
}
