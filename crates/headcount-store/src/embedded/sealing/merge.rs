//! Merges the segments of a day.

use std::path::Path;

use headcount_catalog::Day;
use rusqlite::Connection;

use super::super::schemas::Schemas;
use super::super::writer_slices::WriterSlices;
use super::house::House;
use super::read::SegmentReader;
use super::seal::seal_due;
use super::tables::{self, SegmentHead};
use super::write::{DayState, SegmentSource, SegmentWriter};
use crate::sealed::{Merge, SchemaPlaces, one_schema};
use crate::{StoreError, limits};

/// Merges what is due of a product and day. Returns how many events that were.
pub(super) fn merge<S: WriterSlices>(
    store: &S,
    house: &House,
    (connection, file): (&Connection, &Path),
    (product, day, state): (&str, Day, DayState),
) -> Result<u64, StoreError> {
    let mut merged = 0;
    loop {
        let segments = tables::segments_of(connection, (product, day, day))
            .map_err(|error| StoreError::database("read", file, error))?;
        let due = due(segments, state, house.seal_rows() as u64);
        if due.len() < 2 {
            return Ok(merged);
        }
        let day = (product, day);
        let Some(rows) = merge_these(store, house, (connection, file), day, due)? else {
            return Ok(merged);
        };
        merged += rows;
    }
}

/// Which segments are merged next, if there are two at least.
///
/// While a day is open, those of about the same size, so that an event is
/// written again only when its segment becomes several times as large. A day
/// that is closed becomes one segment; but the few events that still come for
/// it do not make it be written again every hour.
pub(super) fn due(
    mut segments: Vec<SegmentHead>,
    state: DayState,
    seal_rows: u64,
) -> Vec<SegmentHead> {
    segments.sort_by_key(|segment| segment.rows);
    if state == DayState::Closed {
        let most = limits::MERGED_SEGMENTS as u64;
        let Some((largest, others)) = segments.split_last() else { return Vec::new() };
        let small: u64 = others.iter().map(|segment| segment.rows).sum();
        if small.saturating_mul(most) < largest.rows && segments.len() <= limits::MERGED_SEGMENTS {
            return Vec::new();
        }
        if small.saturating_mul(most) < largest.rows {
            segments.pop();
        }
        segments.truncate(limits::MERGED_SEGMENTS);
        return segments;
    }
    let classes =
        segments.chunk_by(|one, other| size_class(one, seal_rows) == size_class(other, seal_rows));
    let mut due = classes.filter(|same| same.len() >= limits::MERGED_SEGMENTS);
    due.next().map(|same| same[..limits::MERGED_SEGMENTS].to_vec()).unwrap_or_default()
}

/// Segments of one class differ by less than a factor of 8.
fn size_class(segment: &SegmentHead, seal_rows: u64) -> u32 {
    let base = limits::MERGED_SEGMENTS as u64;
    // The smallest segment that a merge of full ones makes is the first of the
    // next class.
    (segment.rows / seal_rows.max(1)).max(1).ilog(base)
}

/// Merges these segments into one. Returns nothing if it gave up because an
/// erasure waits.
fn merge_these<S: WriterSlices>(
    store: &S,
    house: &House,
    (connection, file): (&Connection, &Path),
    (product, day): (&str, Day),
    segments: Vec<SegmentHead>,
) -> Result<Option<u64>, StoreError> {
    let schemas = Schemas::read(connection, file)?;
    let numbers: Vec<i64> = segments.iter().map(|segment| segment.number).collect();
    let mut readers = segments
        .into_iter()
        .map(|segment| SegmentReader::new((connection, file), &schemas, segment))
        .collect::<Result<Vec<_>, _>>()?;
    let mut known: Vec<_> =
        readers.iter().map(|reader| (reader.segment.schema, reader.schema.clone())).collect();
    known.sort_by_key(|(number, _)| *number);
    known.dedup_by_key(|(number, _)| *number);
    let known: Vec<_> = known.into_iter().map(|(_, schema)| schema).collect();
    let unlike = || StoreError::new("cannot merge sealed events: their schemas do not match");
    let schema = one_schema(&known).ok_or_else(unlike)?;
    for reader in &mut readers {
        reader.places = Some(SchemaPlaces::new(&reader.schema, &schema).ok_or_else(unlike)?);
    }
    let mut writer = SegmentWriter::begin(store, (product, day), &schema)?;
    let mut merge = Merge::new::<StoreError>(readers, schema, day)?;
    while let Some(chunk) = merge.next_chunk::<StoreError>()? {
        if house.is_wanted() {
            return Ok(None);
        }
        writer.push(&chunk)?;
        // A merge may take minutes.
        seal_due(store, house, (connection, file))?;
    }
    writer.finish(&SegmentSource::Segments(numbers)).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(rows: &[u64]) -> Vec<SegmentHead> {
        let segment = |(number, rows): (i64, &u64)| SegmentHead {
            number,
            product: "atomic".to_owned(),
            day: Day::from_number(1),
            schema: 1,
            rows: *rows,
        };
        (0..).zip(rows).map(segment).collect()
    }

    fn due_rows(rows: &[u64], state: DayState) -> Vec<u64> {
        due(segments(rows), state, 100).into_iter().map(|segment| segment.rows).collect()
    }

    #[test]
    fn an_open_day_merges_segments_of_one_size() {
        let open = |rows: &[u64]| due_rows(rows, DayState::Open);
        assert_eq!(open(&[]), [0; 0]);
        assert_eq!(open(&[100; 7]), [0; 0]);
        assert_eq!(open(&[100; 8]), [100; 8]);
        assert_eq!(open(&[100, 110, 120, 799, 800, 100, 100, 100]), [0; 0]);
        let mut several = vec![800; 8];
        several.extend([100; 3]);
        assert_eq!(open(&several), [800; 8]);
        assert_eq!(open(&[101; 20]), [101; 8]);
    }

    #[test]
    fn a_closed_day_becomes_one_segment_and_is_not_written_again_for_a_few() {
        let closed = |rows: &[u64]| due_rows(rows, DayState::Closed);
        assert_eq!(closed(&[]), [0; 0]);
        assert_eq!(closed(&[100]), [0; 0]);
        assert_eq!(closed(&[100, 90]), [90, 100]);
        assert_eq!(closed(&[1_000, 5, 3]), [0; 0]);
        assert_eq!(closed(&[1_000, 100, 80]), [80, 100, 1_000]);
        assert_eq!(closed(&[9_000, 1, 1, 1, 1, 1, 1, 1, 2]), [1, 1, 1, 1, 1, 1, 1, 2]);
        assert_eq!(closed(&[7; 12]), [7; 8]);
    }

    /// However a day came to be, its merges end.
    #[test]
    fn merges_end() {
        for state in [DayState::Open, DayState::Closed] {
            for count in 0..40u64 {
                let mut rows: Vec<u64> = (0..count).map(|place| 100 + place * place).collect();
                for _ in 0..200 {
                    let merged = due_rows(&rows, state);
                    if merged.len() < 2 {
                        break;
                    }
                    for one in &merged {
                        let place = rows.iter().position(|rows| rows == one).unwrap();
                        rows.swap_remove(place);
                    }
                    rows.push(merged.iter().sum());
                }
                assert!(due_rows(&rows, state).len() < 2);
                assert!(rows.len() <= if state == DayState::Open { 21 } else { 8 });
            }
        }
    }
}
