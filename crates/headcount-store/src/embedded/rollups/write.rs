//! Writes what was counted: codes become texts here.

use headcount_catalog::Day;
use rusqlite::{Connection, Error, OptionalExtension, params};

use super::cells::{self, CellKey, Others};
use super::collect::{self, Changed, Changes};
use super::product::ProductRollups;
use super::vocabularies::Vocabularies;
use super::write_devices;
use super::write_values;

/// Writes everything of a product that is not on disk.
pub(super) fn write(
    connection: &Connection,
    product: &str,
    rollups: &mut ProductRollups,
) -> Result<(), Error> {
    let mut changes = Changes::new();
    for counts in &mut rollups.counts {
        collect::collect(counts, &mut rollups.vocabularies, &mut changes);
    }
    // The schema of a catalog that has been replaced is not kept for it.
    let newest = rollups.counts.len().saturating_sub(4);
    rollups.counts.drain(..newest);
    rollups.vocabularies.forget_gone();
    write_values::write(connection, product, rollups)?;
    for ((series, day), changed) in changes {
        let number = write_values::series(connection, product, series, &mut rollups.series)?;
        write_cells(connection, number, day, changed, &rollups.vocabularies)?;
    }
    write_values::write_marks(connection, product, std::mem::take(&mut rollups.marks))?;
    write_devices::write(connection, product, rollups)?;
    rollups.vocabularies.all_mut().for_each(super::vocabulary::Vocabulary::written);
    Ok(())
}

/// Adds counts to those of a series and day.
fn write_cells(
    connection: &Connection,
    series: i64,
    day: Day,
    changed: Changed,
    vocabularies: &Vocabularies,
) -> Result<(), Error> {
    let Changed { mut cells, others } = changed;
    let known: Option<(i64, Vec<u8>)> = connection
        .prepare_cached(include_str!("../../sql/read_cells_of_day.sql"))?
        .query_row(params![series, day.number()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((_, body)) = &known {
        let read = cells::decode(body, |mut key, count| {
            fold_gone(&mut key, others, vocabularies);
            *cells.entry(key).or_default() += count;
        });
        read.ok_or_else(|| damaged("rollup_cells"))?;
    }
    cells::bound(&mut cells, others);
    let body = cells::encode(&cells);
    match known {
        Some((number, _)) => connection
            .prepare_cached(include_str!("../../sql/change_cells.sql"))?
            .execute(params![number, body])?,
        None => connection
            .prepare_cached(include_str!("../../sql/write_cells.sql"))?
            .execute(params![series, day.number(), body])?,
    };
    Ok(())
}

/// Counts values that are gone as `other`.
fn fold_gone(key: &mut CellKey, others: Others, vocabularies: &Vocabularies) {
    let fold = |number: &mut u32, other: Option<u32>| {
        if let Some(other) = other.filter(|_| !vocabularies.is_known(*number)) {
            *number = other;
        }
    };
    fold(&mut key.version, others.version);
    fold(&mut key.one, others.one);
    fold(&mut key.other, others.other);
}

/// An error about bytes that this program did not write.
pub(super) fn damaged(table: &str) -> Error {
    let message = format!("a row of the table {table} is damaged");
    Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, message.into())
}
