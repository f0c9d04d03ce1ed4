//! Reads the ids of segments from before the start into memory.

use std::path::Path;

use headcount_catalog::EventId;
use rusqlite::Connection;

use super::super::ids::{DayIds, ReadSegment};
use super::super::writer_slices::WriterSlices;
use super::backlog::RawDay;
use super::tables;
use crate::sealed::read_page;
use crate::{StoreError, limits};

/// Reads the ids of one segment, if ids of the day are still wanted. Nothing
/// may merge or erase meanwhile. Returns whether there was such a segment.
pub(super) fn read_ids<S: WriterSlices>(
    store: &S,
    source: (&Connection, &Path),
    (product, day): &RawDay,
) -> Result<bool, StoreError> {
    let begun = store.with_writer(|writer| {
        let ids = writer.ids.known_day(product, *day).filter(|ids| ids.is_wanted());
        Ok(ids.and_then(DayIds::begin_reading))
    })?;
    let Some(read) = begun else { return Ok(false) };
    read_segment(store, source, (product, *day), read)?;
    Ok(true)
}

/// The ids of a day cannot be read. They are looked up, as before.
pub(super) fn put_off<S: WriterSlices>(
    store: &S,
    (product, day): &RawDay,
) -> Result<(), StoreError> {
    store.with_writer(|writer| {
        writer.ids.known_day(product, *day).into_iter().for_each(DayIds::put_off_reading);
        Ok(())
    })
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
