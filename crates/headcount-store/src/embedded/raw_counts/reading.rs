//! Reads the raw events of some days, a part at a time.

use std::ops::ControlFlow;
use std::path::Path;

use headcount_catalog::Day;
use rusqlite::{Connection, Error, params};

use super::super::fresh_blocks::each_fresh_of;
use super::super::rollups::{DeviceTable, Rollups};
use super::super::schemas::Schemas;
use super::super::sealing::SegmentReader;
use super::super::sealing::tables;
use super::counter::RawCounter;
use crate::StoreError;
use crate::sealed::{ChunkBody, RowPart, SealedDamage};

/// The first day of which no raw event has expired; `None` if none has.
pub(super) fn first_whole_day(
    connection: &Connection,
    product: &str,
) -> Result<Option<Day>, Error> {
    let sql = include_str!("../../sql/read_last_expired.sql");
    let last: Option<i32> =
        connection.prepare_cached(sql)?.query_row(params![product], |row| row.get(0))?;
    Ok(last.map(|day| Day::from_number(day).plus(1)))
}

/// How many raw events each day has, the last day first.
pub(super) fn events_by_day(
    connection: &Connection,
    (product, from, to): (&str, Day, Day),
) -> Result<Vec<(Day, u64)>, Error> {
    let sql = include_str!("../../sql/read_event_numbers.sql");
    let mut read = connection.prepare_cached(sql)?;
    let days = params![product, from.number(), to.number()];
    let day = |row: &rusqlite::Row<'_>| {
        Ok((Day::from_number(row.get(0)?), row.get::<_, i64>(1)?.unsigned_abs()))
    };
    read.query_map(days, day)?.collect()
}

/// Counts all raw events of some days, both included.
pub(super) fn each_part(
    (connection, file): (&Connection, &Path),
    schemas: &Schemas,
    days: (&str, Day, Day),
    counter: &mut RawCounter<'_>,
) -> Result<(), StoreError> {
    let reading = |error| StoreError::database("read the events in", file, error);
    for segment in tables::segments_of(connection, days).map_err(reading)? {
        let day = segment.day;
        let mut reader = SegmentReader::new((connection, file), schemas, segment)?;
        let Some(plan) = counter.plan(&reader.schema) else { continue };
        while let Some(chunk) = reader.next_row()? {
            let part = || {
                let body = ChunkBody::new(&chunk.body)?;
                if body.len() as u64 != chunk.rows {
                    return Err(SealedDamage::RowCount);
                }
                body.part(&reader.schema, &plan.wanted)
            };
            let part = part().map_err(|damage| reader.damaged(&chunk, damage))?;
            counter.add(&plan, day, &part);
        }
    }
    let mut slots: Option<DeviceTable> = None;
    let read = each_fresh_of(connection, file, schemas, days, |rows| {
        let Some(plan) = counter.plan(rows.schema()) else { return ControlFlow::Continue(()) };
        if slots.is_none() {
            // Devices without a slot get one, for this answer alone.
            let table = match plan.wanted.has_devices {
                true => Rollups::read_devices(connection, days.0),
                false => Ok(DeviceTable::default()),
            };
            match table {
                Ok(table) => slots = Some(table),
                Err(error) => return ControlFlow::Break(error),
            }
        }
        if let Some(slots) = &mut slots {
            let part = RowPart::of_rows(rows, &plan.wanted, slots);
            counter.add(&plan, rows.day(), &part);
        }
        ControlFlow::Continue(())
    })?;
    match read {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(reading(error)),
    }
}
