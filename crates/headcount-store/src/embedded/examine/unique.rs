//! Checks that no id is there twice in a product and day, over all of its
//! segments and blocks.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::path::Path;

use headcount_catalog::{Day, EventId};
use rusqlite::Connection;

use super::super::sealing::{SegmentHead, tables};
use super::fresh::FreshOfDays;
use super::report::BooksReport;
use crate::StoreError;
use crate::sealed::read_page;

pub(super) fn check(
    (connection, file): (&Connection, &Path),
    fresh: &FreshOfDays,
    segments: &BTreeMap<(String, Day), Vec<SegmentHead>>,
    report: &mut BooksReport,
) -> Result<(), StoreError> {
    let mut days: Vec<_> = fresh.keys().chain(segments.keys()).collect();
    days.sort_unstable();
    days.dedup();
    for day in days {
        let fresh = fresh.get(day).map(Vec::as_slice).unwrap_or_default();
        let mut sources = vec![IdSource { ids: fresh.to_vec(), next: 0, segment: None }];
        for segment in segments.get(day).into_iter().flatten() {
            sources.push(IdSource { ids: Vec::new(), next: 0, segment: Some(segment.number) });
        }
        let twice = count_twice(connection, sources)
            .map_err(|error| StoreError::database("examine", file, error))?;
        if twice > 0 {
            report.find(format!(
                "{twice} ids of {} on {} are there twice, so that events are counted twice; \
                 restore the file from a backup.",
                day.0, day.1
            ));
        }
    }
    Ok(())
}

/// The ids of one segment, or of all blocks, in order.
struct IdSource {
    ids: Vec<EventId>,
    next: usize,
    segment: Option<i64>,
}

impl IdSource {
    /// The next id. A damaged page ends the source: it has been found before.
    fn next(&mut self, connection: &Connection) -> Result<Option<EventId>, rusqlite::Error> {
        if self.next == self.ids.len()
            && let Some(segment) = self.segment
        {
            let after = self.ids.last().copied();
            let page = tables::page_after(connection, segment, after)?;
            let (mut ids, mut contents) = (Vec::new(), Vec::new());
            let is_read =
                page.is_some_and(|page| read_page(&page, &mut ids, &mut contents).is_ok());
            if !is_read {
                self.segment = None;
                return Ok(None);
            }
            (self.ids, self.next) = (ids, 0);
        }
        let id = self.ids.get(self.next).copied();
        self.next += 1;
        Ok(id)
    }
}

fn count_twice(
    connection: &Connection,
    mut sources: Vec<IdSource>,
) -> Result<u64, rusqlite::Error> {
    let mut heap = BinaryHeap::new();
    for (place, source) in sources.iter_mut().enumerate() {
        heap.extend(source.next(connection)?.map(|id| Reverse((id, place))));
    }
    let (mut twice, mut last) = (0, None);
    while let Some(Reverse((id, place))) = heap.pop() {
        twice += u64::from(last == Some(id));
        last = Some(id);
        heap.extend(sources[place].next(connection)?.map(|id| Reverse((id, place))));
    }
    Ok(twice)
}
