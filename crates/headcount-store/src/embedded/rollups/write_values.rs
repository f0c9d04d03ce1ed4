//! Writes what is counted, and by which values.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Error, params};

use super::product::{MarkKey, ProductRollups};
use super::series::Series;
use super::vocabulary::{Standing, Tellers};

/// Writes the values that have changed.
pub(super) fn write(
    connection: &Connection,
    product: &str,
    rollups: &mut ProductRollups,
) -> Result<(), Error> {
    let mut write = connection.prepare_cached(include_str!("../../sql/write_counted_value.sql"))?;
    let mut remove = connection.prepare_cached(include_str!("../../sql/remove_value.sql"))?;
    for (column, vocabulary) in rollups.vocabularies.all() {
        for value in vocabulary.values().iter().filter(|value| value.is_changed) {
            let (standing, last, tellers) = match &value.standing {
                Standing::Fixed => (0, None, None),
                Standing::Row(last) => (1, Some(*last), None),
                Standing::Candidate(tellers) => (2, Some(tellers.last), Some(tellers.bytes())),
                Standing::Former(last) => (3, Some(*last), None),
                Standing::Gone => {
                    remove.execute(params![product, value.number])?;
                    continue;
                }
            };
            let last = last.map(headcount_catalog::Day::number);
            let (number, text) = (value.number, &*value.text);
            write.execute(params![product, number, column, text, standing, last, tellers])?;
        }
    }
    let (events, last) = (std::mem::take(&mut rollups.events), rollups.vocabularies.numbers.last);
    connection.prepare_cached(include_str!("../../sql/write_product.sql"))?.execute(params![
        product,
        count(events),
        last
    ])?;
    Ok(())
}

/// The number of a series. A new one is written.
pub(super) fn series(
    connection: &Connection,
    product: &str,
    series: Series,
    known: &mut HashMap<Series, i64>,
) -> Result<i64, Error> {
    if let Some(number) = known.get(&series) {
        return Ok(*number);
    }
    let Series { kind, event, one, other } = &series;
    connection.prepare_cached(include_str!("../../sql/write_series.sql"))?.execute(params![
        product,
        kind.number(),
        event,
        one,
        other
    ])?;
    let number = connection.last_insert_rowid();
    known.insert(series, number);
    Ok(number)
}

/// Adds marks up.
pub(super) fn write_marks(
    connection: &Connection,
    product: &str,
    marks: BTreeMap<MarkKey, u64>,
) -> Result<(), Error> {
    let mut write = connection.prepare_cached(include_str!("../../sql/write_marks.sql"))?;
    for (MarkKey { period, start, age, version }, devices) in marks {
        let age = age.map_or("", |age| age.name());
        let (period, start) = (period.name(), start.number());
        write.execute(params![product, period, start, age, version, count(devices)])?;
    }
    Ok(())
}

/// SQLite has signed integers only.
pub(super) fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Tellers {
    /// A slot and a day each, of four bytes; the slot `u32::MAX` for a device
    /// without an id.
    fn bytes(&self) -> Vec<u8> {
        let devices = self.devices.iter().flat_map(|(device, day)| {
            let slot = device.unwrap_or(u32::MAX).to_le_bytes();
            slot.into_iter().chain(day.number().to_le_bytes())
        });
        devices.collect()
    }
}
