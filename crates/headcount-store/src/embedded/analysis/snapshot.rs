//! The events of one moment, a part of a day at a time and when asked.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use headcount_catalog::{Day, EventId};
use rusqlite::{Connection, params};

use super::super::connection::{self, OpenMode};
use super::super::fresh_blocks::each_block;
use super::super::rollups::{DeviceTable, Rollups};
use super::super::schemas::Schemas;
use super::super::sealing::SegmentReader;
use super::super::sealing::tables::{self, SegmentHead};
use crate::{ColumnKind, DayRows, StoreError};

/// The store's file at one moment: a transaction is open until it is dropped.
pub(super) struct EventSnapshot {
    connection: Connection,
    file: PathBuf,
    schemas: Schemas,
    /// The devices of each product that was read.
    devices: HashMap<String, Arc<DeviceTable>>,
    /// Why a query could not go on reading, for whoever asked it.
    pub(super) failure: Option<StoreError>,
}

/// Nobody panics while it is locked in a way that leaves it half changed.
pub(super) fn locked(snapshot: &Mutex<EventSnapshot>) -> MutexGuard<'_, EventSnapshot> {
    snapshot.lock().unwrap_or_else(PoisonError::into_inner)
}

impl EventSnapshot {
    pub(super) fn open(folder: &Path) -> Result<Self, StoreError> {
        let file = std::path::absolute(folder)
            .map_err(|error| StoreError::system("find the data folder", folder, error))?
            .join(connection::FILE);
        let connection = connection::open(&file, OpenMode::Questions)?;
        let reading = |error| StoreError::database("read the events in", &file, error);
        connection.execute_batch("BEGIN").map_err(reading)?;
        // The first read: from here on, everything is of one moment.
        connection::check_newest(&connection, &file)?;
        let schemas = Schemas::read(&connection, &file)?;
        Ok(Self { connection, file, schemas, devices: HashMap::new(), failure: None })
    }

    pub(super) fn columns(&self) -> Vec<(String, Vec<(String, ColumnKind)>)> {
        let mut products: Vec<(String, Vec<_>)> = Vec::new();
        for schema in self.schemas.all() {
            let place = products.iter().position(|(name, _)| name == schema.product());
            let place = place.unwrap_or_else(|| {
                products.push((schema.product().to_owned(), Vec::new()));
                products.len() - 1
            });
            let columns = schema.columns().iter().map(|own| (own.name.clone(), own.kind));
            for column in columns {
                if !products[place].1.contains(&column) {
                    products[place].1.push(column);
                }
            }
        }
        products
    }

    fn devices(&mut self, product: &str) -> Result<Arc<DeviceTable>, StoreError> {
        if let Some(known) = self.devices.get(product) {
            return Ok(Arc::clone(known));
        }
        let read = Rollups::read_devices(&self.connection, product)
            .map_err(|error| StoreError::database("read the events in", &self.file, error))?;
        let read = Arc::new(read);
        self.devices.insert(product.to_owned(), Arc::clone(&read));
        Ok(read)
    }
}

/// Reads the events of a product and some days.
pub(super) struct EventReader {
    product: String,
    /// In the reverse order of reading.
    parts: Vec<Part>,
}

/// What is read at once, or after one another.
enum Part {
    /// The chunks of a segment after an id.
    Segment(SegmentHead, Option<EventId>),
    /// A fresh block.
    Block(i64),
}

impl EventReader {
    pub(super) fn new(
        snapshot: &EventSnapshot,
        product: &str,
        (from, to): (Day, Day),
    ) -> Result<Self, StoreError> {
        let EventSnapshot { connection, file, .. } = snapshot;
        let find = || {
            let segments = tables::segments_of(connection, (product, from, to))?;
            let sql = include_str!("../../sql/read_fresh_numbers.sql");
            let mut blocks = connection.prepare_cached(sql)?;
            let days = params![product, from.number(), to.number()];
            let read = |row: &rusqlite::Row<'_>| {
                Ok((Day::from_number(row.get(1)?), Part::Block(row.get(0)?)))
            };
            let blocks: Vec<_> = blocks.query_map(days, read)?.collect::<Result<_, _>>()?;
            let segments = segments.into_iter().map(|head| (head.day, Part::Segment(head, None)));
            let mut parts: Vec<(Day, Part)> = segments.chain(blocks).collect();
            // The order of an export: by day, what is sealed first.
            parts.sort_by_key(|(day, _)| *day);
            Ok(parts)
        };
        let parts: Vec<(Day, Part)> =
            find().map_err(|error| StoreError::database("read the events in", file, error))?;
        let parts = parts.into_iter().rev().map(|(_, part)| part).collect();
        Ok(Self { product: product.to_owned(), parts })
    }

    /// The next part; `None` at the end.
    pub(super) fn next(
        &mut self,
        snapshot: &mut EventSnapshot,
    ) -> Result<Option<DayRows>, StoreError> {
        while let Some(part) = self.parts.last_mut() {
            match part {
                Part::Block(number) => {
                    let number = *number;
                    self.parts.pop();
                    return snapshot.block(number).map(Some);
                }
                Part::Segment(head, after) => match snapshot.chunk(head, *after, &self.product)? {
                    Some((rows, last)) => {
                        *after = Some(last);
                        return Ok(Some(rows));
                    }
                    None => {
                        self.parts.pop();
                    }
                },
            }
        }
        Ok(None)
    }
}

impl EventSnapshot {
    fn block(&self, number: i64) -> Result<DayRows, StoreError> {
        let Self { connection, file, schemas, .. } = self;
        let mut found = None;
        let sql = include_str!("../../sql/read_fresh_block.sql");
        each_block(connection, file, sql, (number,), |block| {
            found = Some(block.rows(schemas)?);
            Ok(())
        })?;
        // Within one moment, a block that was listed is there.
        found.ok_or_else(|| StoreError::file_gone(file))
    }

    /// The chunk of a segment after an id, and its last id.
    fn chunk(
        &mut self,
        head: &SegmentHead,
        after: Option<EventId>,
        product: &str,
    ) -> Result<Option<(DayRows, EventId)>, StoreError> {
        let devices = self.devices(product)?;
        let source = (&self.connection, self.file.as_path());
        let mut reader = SegmentReader::new(source, &self.schemas, head.clone())?;
        reader.skip_to(after);
        let Some(chunk) = reader.next_row()? else { return Ok(None) };
        let rows = reader.open(&chunk)?.into_rows(devices.as_ref());
        Ok(Some((rows, chunk.last)))
    }
}
