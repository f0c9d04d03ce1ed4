//! What is known of the sealed events while the store is open: the segments of
//! each day, and the filters of their ids.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use headcount_catalog::{Day, EventId};
use rusqlite::Connection;

use super::super::seams::SealedIds;
use super::tables::{self, SegmentHead};
use crate::StoreError;
use crate::sealed::{IdFilter, find_in_page};

/// The segments of every product and day.
pub(in crate::embedded) struct SealedMemory {
    file: PathBuf,
    products: HashMap<String, HashMap<Day, Vec<KnownSegment>>>,
}

/// A segment that counts.
struct KnownSegment {
    number: i64,
    /// A closed day has none: an id that comes that late is looked up in the
    /// file.
    filter: Option<IdFilter>,
}

impl SealedMemory {
    /// Reads the heads of all segments, and their filters: 1.5 bytes an id of
    /// the open days.
    pub(in crate::embedded) fn read(
        connection: &Connection,
        file: &Path,
    ) -> Result<Self, StoreError> {
        let reading = |error| StoreError::database("read", file, error);
        let mut memory = Self { file: file.to_path_buf(), products: HashMap::new() };
        for segment in tables::segments(connection).map_err(reading)? {
            let bytes = tables::read_filter(connection, segment.number).map_err(reading)?;
            let filter = bytes.map(|bytes| IdFilter::decode(&bytes)).transpose();
            let filter = filter.map_err(|damage| {
                StoreError::sealed(file, ("the filter of sealed segment", segment.number), damage)
            })?;
            memory.add(&segment, filter);
        }
        Ok(memory)
    }

    /// Remembers a segment that counts from now on.
    pub(super) fn add(&mut self, segment: &SegmentHead, filter: Option<IdFilter>) {
        let days = self.products.entry(segment.product.clone()).or_default();
        let known = KnownSegment { number: segment.number, filter };
        days.entry(segment.day).or_default().push(known);
    }

    /// Forgets segments that count no more.
    pub(super) fn remove(&mut self, product: &str, day: Day, segments: &[i64]) {
        let Some(days) = self.products.get_mut(product) else { return };
        let Some(known) = days.get_mut(&day) else { return };
        known.retain(|segment| !segments.contains(&segment.number));
        if known.is_empty() {
            days.remove(&day);
        }
    }

    /// Whether a segment of a day has a filter. The file has none if there is
    /// none here.
    pub(super) fn has_filters(&self, product: &str, day: Day) -> bool {
        let days = self.products.get(product);
        let mut segments = days.and_then(|days| days.get(&day)).into_iter().flatten();
        segments.any(|segment| segment.filter.is_some())
    }

    /// Forgets the filters of a day that is closed.
    pub(super) fn drop_filters(&mut self, product: &str, day: Day) {
        let days = self.products.get_mut(product);
        for segment in days.and_then(|days| days.get_mut(&day)).into_iter().flatten() {
            segment.filter = None;
        }
    }

    /// Looks an id up in the file.
    fn look_up(
        &self,
        connection: &Connection,
        segment: i64,
        id: EventId,
    ) -> Result<Option<u32>, StoreError> {
        let page = |number, body: &[u8]| {
            find_in_page(body, id).map_err(|damage| {
                StoreError::sealed(&self.file, ("the page of sealed ids", number), damage)
            })
        };
        let found = tables::page_of(connection, segment, id, page)
            .map_err(|error| StoreError::database("look for an event in", &self.file, error))?;
        found.unwrap_or(Ok(None))
    }
}

impl SealedIds for SealedMemory {
    fn find(
        &mut self,
        connection: &Connection,
        product: &str,
        day: Day,
        ids: &[EventId],
        found: &mut [Option<u32>],
    ) -> Result<(), StoreError> {
        let days = self.products.get(product);
        let Some(segments) = days.and_then(|days| days.get(&day)) else { return Ok(()) };
        let mut may_have = vec![false; ids.len()];
        for KnownSegment { number, filter } in segments {
            match filter {
                Some(filter) => {
                    may_have.fill(false);
                    filter.probe_all(ids, &mut may_have);
                }
                None => may_have.fill(true),
            }
            for ((id, found), may_have) in ids.iter().zip(&mut *found).zip(&may_have) {
                if *may_have && found.is_none() {
                    *found = self.look_up(connection, *number, *id)?;
                }
            }
        }
        Ok(())
    }
}
