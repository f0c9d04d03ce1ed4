//! The tables of sealed events.

use headcount_catalog::{Day, EventId};
use rusqlite::{Connection, Error, OptionalExtension as _, Row, Transaction, params};

use crate::sealed::SealedChunk;

/// A segment that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::embedded) struct SegmentHead {
    pub(in crate::embedded) number: i64,
    pub(in crate::embedded) product: String,
    pub(in crate::embedded) day: Day,
    pub(in crate::embedded) schema: i64,
    pub(in crate::embedded) rows: u64,
}

impl SegmentHead {
    fn read(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            number: row.get(0)?,
            product: row.get(1)?,
            day: Day::from_number(row.get(2)?),
            schema: row.get(3)?,
            rows: row.get::<_, i64>(4)?.unsigned_abs(),
        })
    }
}

/// A chunk in its table.
pub(in crate::embedded) struct ChunkRow {
    pub(in crate::embedded) number: i64,
    pub(in crate::embedded) first: EventId,
    pub(in crate::embedded) last: EventId,
    pub(in crate::embedded) rows: u64,
    pub(in crate::embedded) body: Vec<u8>,
}

/// Every segment that counts, the oldest first.
pub(in crate::embedded) fn segments(connection: &Connection) -> Result<Vec<SegmentHead>, Error> {
    let sql = include_str!("../../sql/read_segments.sql");
    connection.prepare_cached(sql)?.query_map((), SegmentHead::read)?.collect()
}

/// The segments of a product that count, from one day to another.
pub(in crate::embedded) fn segments_of(
    connection: &Connection,
    (product, from, to): (&str, Day, Day),
) -> Result<Vec<SegmentHead>, Error> {
    let sql = include_str!("../../sql/read_segments_of.sql");
    let parameters = params![product, from.number(), to.number()];
    connection.prepare_cached(sql)?.query_map(parameters, SegmentHead::read)?.collect()
}

/// The first chunk of a segment after an id.
pub(in crate::embedded) fn chunk_after(
    connection: &Connection,
    segment: i64,
    after: Option<EventId>,
) -> Result<Option<ChunkRow>, Error> {
    let sql = include_str!("../../sql/read_chunk_after.sql");
    // Nothing sorts before an empty value.
    let after = after.map(id_bytes).map_or(Vec::new(), Vec::from);
    let mut statement = connection.prepare_cached(sql)?;
    let chunk = |row: &Row<'_>| {
        Ok(ChunkRow {
            number: row.get(0)?,
            first: id(row, 1)?,
            last: id(row, 2)?,
            rows: row.get::<_, i64>(3)?.unsigned_abs(),
            body: row.get(4)?,
        })
    };
    statement.query_row(params![segment, after], chunk).optional()
}

/// The pages of ids of a chunk, in order.
pub(in crate::embedded) fn pages(
    connection: &Connection,
    segment: i64,
    chunk: &ChunkRow,
) -> Result<Vec<Vec<u8>>, Error> {
    let sql = include_str!("../../sql/read_ids.sql");
    let parameters = params![segment, id_bytes(chunk.first), id_bytes(chunk.last)];
    connection.prepare_cached(sql)?.query_map(parameters, |row| row.get(0))?.collect()
}

/// Calls `read` with the page that has an id if any page has it.
pub(in crate::embedded) fn page_of<T>(
    connection: &Connection,
    segment: i64,
    id: EventId,
    read: impl FnOnce(i64, &[u8]) -> T,
) -> Result<Option<T>, Error> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/find_ids.sql"))?;
    let mut rows = statement.query(params![segment, id_bytes(id)])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(read(row.get(0)?, row.get_ref(1)?.as_blob()?)))
}

/// The first page of ids of a segment after an id.
pub(in crate::embedded) fn page_after(
    connection: &Connection,
    segment: i64,
    after: Option<EventId>,
) -> Result<Option<Vec<u8>>, Error> {
    let after = after.map(id_bytes).map_or(Vec::new(), Vec::from);
    let mut read = connection.prepare_cached(include_str!("../../sql/read_ids_after.sql"))?;
    read.query_row(params![segment, after], |row| row.get(0)).optional()
}

/// The number of ids on the pages of a segment.
pub(in crate::embedded) fn count_ids(connection: &Connection, segment: i64) -> Result<u64, Error> {
    let mut count = connection.prepare_cached(include_str!("../../sql/count_ids.sql"))?;
    count.query_row((segment,), |row| row.get::<_, i64>(0)).map(i64::unsigned_abs)
}

/// Adds a segment that does not count yet, and returns its number.
pub(in crate::embedded) fn begin_segment(
    transaction: &Transaction<'_>,
    (product, day): (&str, Day),
    schema: i64,
) -> Result<i64, Error> {
    let mut write = transaction.prepare_cached(include_str!("../../sql/begin_segment.sql"))?;
    write.execute(params![product, day.number(), schema])?;
    Ok(transaction.last_insert_rowid())
}

pub(in crate::embedded) fn write_chunk(
    transaction: &Transaction<'_>,
    segment: i64,
    chunk: &SealedChunk,
) -> Result<(), Error> {
    let (first, last) = (id_bytes(chunk.first), id_bytes(chunk.last));
    transaction.prepare_cached(include_str!("../../sql/write_chunk.sql"))?.execute(params![
        segment,
        first,
        last,
        chunk.rows as i64,
        chunk.body
    ])?;
    let mut write = transaction.prepare_cached(include_str!("../../sql/write_ids.sql"))?;
    for page in &chunk.pages {
        write.execute(params![segment, id_bytes(page.first), page.rows as i64, page.body])?;
    }
    Ok(())
}

/// Deletes a chunk and its pages.
pub(in crate::embedded) fn delete_chunk(
    transaction: &Transaction<'_>,
    segment: i64,
    chunk: &ChunkRow,
) -> Result<(), Error> {
    let (first, last) = (id_bytes(chunk.first), id_bytes(chunk.last));
    let mut delete = transaction.prepare_cached(include_str!("../../sql/delete_chunk.sql"))?;
    delete.execute((chunk.number,))?;
    let mut delete = transaction.prepare_cached(include_str!("../../sql/delete_ids.sql"))?;
    delete.execute(params![segment, first, last])?;
    Ok(())
}

/// Adds to the events that are gone.
pub(in crate::embedded) fn add_gone(
    transaction: &Transaction<'_>,
    (product, day): (&str, Day),
    why: &str,
    count: u64,
) -> Result<(), Error> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let mut write = transaction.prepare_cached(include_str!("../../sql/write_gone.sql"))?;
    write.execute(params![product, why, day.number(), count])?;
    Ok(())
}

pub(in crate::embedded) fn id_bytes(id: EventId) -> [u8; 16] {
    id.bits().to_be_bytes()
}

fn id(row: &Row<'_>, column: usize) -> Result<EventId, Error> {
    row.get(column).map(|bytes| EventId::from_bits(u128::from_be_bytes(bytes)))
}
