//! Reads sealed events, a chunk at a time.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use headcount_catalog::{Day, EventId};
use rusqlite::Connection;

use super::super::rollups::{DeviceTable, Rollups};
use super::super::schemas::Schemas;
use super::tables::{self, ChunkRow, SegmentHead};
use crate::block::Damage;
use crate::sealed::{self, ChunkSource, DeviceSlots, SchemaPlaces, SealedDamage, SealedRows};
use crate::{DayRows, Pseudonym, RowSchema, StoreError};

/// Reads the chunks of one segment, in order.
pub(in crate::embedded) struct SegmentReader<'c> {
    pub(in crate::embedded) connection: &'c Connection,
    pub(in crate::embedded) file: &'c Path,
    pub(in crate::embedded) segment: SegmentHead,
    pub(in crate::embedded) schema: Arc<RowSchema>,
    /// To the schema of the merge, if it is another one.
    pub(in crate::embedded) places: Option<SchemaPlaces>,
    after: Option<EventId>,
}

impl<'c> SegmentReader<'c> {
    pub(in crate::embedded) fn new(
        (connection, file): (&'c Connection, &'c Path),
        schemas: &Schemas,
        segment: SegmentHead,
    ) -> Result<Self, StoreError> {
        let schema = schemas.of(segment.schema, &segment.product);
        let schema = Arc::clone(schema.map_err(|damage: Damage| {
            StoreError::sealed(file, ("sealed segment", segment.number), damage.into())
        })?);
        Ok(Self { connection, file, segment, schema, places: None, after: None })
    }

    /// Goes on after an id.
    pub(in crate::embedded) fn skip_to(&mut self, after: Option<EventId>) {
        self.after = after;
    }

    /// The next chunk as it stands in its table.
    pub(in crate::embedded) fn next_row(&mut self) -> Result<Option<ChunkRow>, StoreError> {
        let chunk = tables::chunk_after(self.connection, self.segment.number, self.after)
            .map_err(|error| StoreError::database("read the events in", self.file, error))?;
        if let Some(chunk) = &chunk {
            self.after = Some(chunk.last);
        }
        Ok(chunk)
    }

    /// Opens a chunk, and checks that it is what its table says.
    pub(in crate::embedded) fn open(&self, chunk: &ChunkRow) -> Result<SealedRows, StoreError> {
        let pages = tables::pages(self.connection, self.segment.number, chunk)
            .map_err(|error| StoreError::database("read the events in", self.file, error))?;
        let rows = sealed::decode(&self.schema, self.segment.day, &pages, &chunk.body)
            .map_err(|damage| self.damaged(chunk, damage))?;
        let ids = rows.ids();
        let is_same = rows.len() as u64 == chunk.rows
            && (ids.first(), ids.last()) == (Some(&chunk.first), Some(&chunk.last));
        if is_same { Ok(rows) } else { Err(self.damaged(chunk, SealedDamage::RowCount)) }
    }

    pub(in crate::embedded) fn damaged(
        &self,
        chunk: &ChunkRow,
        damage: SealedDamage,
    ) -> StoreError {
        StoreError::sealed(self.file, ("sealed chunk", chunk.number), damage)
    }
}

impl ChunkSource<StoreError> for SegmentReader<'_> {
    fn next_chunk(&mut self) -> Result<Option<SealedRows>, StoreError> {
        let Some(chunk) = self.next_row()? else { return Ok(None) };
        let rows = self.open(&chunk)?;
        Ok(Some(match &self.places {
            Some(places) => rows.in_schema(places),
            None => rows,
        }))
    }
}

/// Calls `each` with the sealed rows of a product and some days, both included.
pub(in crate::embedded) fn each_sealed_of<B>(
    connection: &Connection,
    file: &Path,
    schemas: &Schemas,
    (product, from, to): (&str, Day, Day),
    mut each: impl FnMut(&DayRows) -> ControlFlow<B>,
) -> Result<ControlFlow<B>, StoreError> {
    let reading = |error| StoreError::database("read the events in", file, error);
    let segments = tables::segments_of(connection, (product, from, to)).map_err(reading)?;
    if segments.is_empty() {
        return Ok(ControlFlow::Continue(()));
    }
    let slots = Rollups::read_devices(connection, product).map_err(reading)?;
    for segment in segments {
        let mut reader = SegmentReader::new((connection, file), schemas, segment)?;
        while let Some(rows) = reader.next_chunk()? {
            let next = each(&rows.into_rows(&slots));
            if next.is_break() {
                return Ok(next);
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

impl DeviceSlots for DeviceTable {
    fn slot(&mut self, device: Pseudonym) -> u32 {
        Self::slot(self, device)
    }

    fn pseudonym(&self, slot: u32) -> Option<Pseudonym> {
        Self::pseudonym(self, slot)
    }
}
