//! Rows of a query as rows of an answer.

use headcount_catalog::Day;
use rusqlite::{Connection, Error, Params, Row};

pub(super) fn rows<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    connection.prepare_cached(sql)?.query_map(parameters, read)?.collect()
}

pub(super) fn day(row: &Row<'_>, column: usize) -> Result<Day, Error> {
    row.get(column).map(Day::from_number)
}

/// A count is never negative.
pub(super) fn count(row: &Row<'_>, column: usize) -> Result<u64, Error> {
    row.get::<_, i64>(column).map(i64::unsigned_abs)
}
