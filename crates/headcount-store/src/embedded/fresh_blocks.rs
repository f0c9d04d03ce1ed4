//! Reads the blocks that no segment has sealed.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::path::Path;

use headcount_catalog::Day;
use rusqlite::{Connection, Error, Params, Row};

use super::schemas::Schemas;
use crate::block::{self, Damage, Keys};
use crate::{DayRows, StoreError};

/// A block as it stands in its table.
pub(super) struct FreshBlock<'r> {
    pub(super) number: i64,
    pub(super) product: &'r str,
    pub(super) day: Day,
    pub(super) schema: i64,
    rows: u32,
    body: &'r [u8],
    file: &'r Path,
}

impl<'r> FreshBlock<'r> {
    fn read(row: &'r Row<'_>, file: &'r Path) -> Result<Self, Error> {
        Ok(Self {
            number: row.get(0)?,
            product: row.get_ref(1)?.as_str()?,
            day: Day::from_number(row.get(2)?),
            schema: row.get(3)?,
            rows: row.get(4)?,
            body: row.get_ref(5)?.as_blob()?,
            file,
        })
    }

    /// Checks the checksum, and returns ids and content hashes.
    pub(super) fn keys(&self) -> Result<Keys<'r>, StoreError> {
        let keys = block::keys(self.body).map_err(|damage| self.damaged(damage))?;
        self.check(keys.len()).map(|()| keys)
    }

    /// Checks the checksum, and returns the rows.
    pub(super) fn rows(&self, schemas: &Schemas) -> Result<DayRows, StoreError> {
        let schema = schemas.of(self.schema, self.product);
        let rows = schema.and_then(|schema| block::decode(schema, self.day, self.body));
        let rows = rows.map_err(|damage| self.damaged(damage))?;
        self.check(rows.len()).map(|()| rows)
    }

    fn check(&self, rows: usize) -> Result<(), StoreError> {
        if rows == self.rows as usize { Ok(()) } else { Err(self.damaged(Damage::RowCount)) }
    }

    fn damaged(&self, damage: Damage) -> StoreError {
        StoreError::block(self.file, self.number, damage)
    }
}

/// Calls `each` with every fresh block, in the order of the commits.
pub(super) fn each_fresh(
    connection: &Connection,
    file: &Path,
    each: impl FnMut(&FreshBlock<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    each_block(connection, file, include_str!("../sql/read_fresh.sql"), (), each)
}

/// Calls `each` with the rows of every fresh block of a product and some days,
/// both included.
pub(super) fn each_fresh_of<B>(
    connection: &Connection,
    file: &Path,
    schemas: &Schemas,
    (product, from, to): (&str, Day, Day),
    mut each: impl FnMut(&DayRows) -> ControlFlow<B>,
) -> Result<ControlFlow<B>, StoreError> {
    let sql = include_str!("../sql/read_fresh_of.sql");
    until_break(connection, file, sql, (product, from.number(), to.number()), |block| {
        Ok(each(&block.rows(schemas)?))
    })
}

/// Calls `each` with the blocks of a query that has the columns of
/// `read_fresh.sql`.
pub(super) fn each_block(
    connection: &Connection,
    file: &Path,
    sql: &str,
    parameters: impl Params,
    mut each: impl FnMut(&FreshBlock<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let all = until_break(connection, file, sql, parameters, |block| {
        each(block).map(ControlFlow::<Infallible>::Continue)
    });
    all.map(|_| ())
}

/// Does the same, until `each` breaks.
fn until_break<B>(
    connection: &Connection,
    file: &Path,
    sql: &str,
    parameters: impl Params,
    mut each: impl FnMut(&FreshBlock<'_>) -> Result<ControlFlow<B>, StoreError>,
) -> Result<ControlFlow<B>, StoreError> {
    let reading = |error| StoreError::database("read the events in", file, error);
    let mut statement = connection.prepare_cached(sql).map_err(reading)?;
    let mut rows = statement.query(parameters).map_err(reading)?;
    while let Some(row) = rows.next().map_err(reading)? {
        let next = each(&FreshBlock::read(row, file).map_err(reading)?)?;
        if next.is_break() {
            return Ok(next);
        }
    }
    Ok(ControlFlow::Continue(()))
}
