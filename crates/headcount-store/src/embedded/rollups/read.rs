//! Reads the rollups' state from their tables.

use headcount_catalog::{Day, Period};
use roaring::RoaringBitmap;
use rusqlite::{Connection, Error, Row, params};

use super::day_devices::DeviceScope;
use super::device_table::DeviceTable;
use super::product::ProductRollups;
use super::series::{Series, SeriesKind};
use super::vocabulary::{CountedValue, Standing, Tellers};
use super::write::damaged;
use super::write_devices::OLDER;

/// Every product with its state.
pub(super) fn read(connection: &Connection) -> Result<Vec<(Box<str>, ProductRollups)>, Error> {
    let all = products(connection)?;
    all.into_iter().map(|(product, last)| of_product(connection, product, last)).collect()
}

/// One product with its state, if it has one.
pub(super) fn read_one(
    connection: &Connection,
    product: &str,
) -> Result<Option<(Box<str>, ProductRollups)>, Error> {
    let own = products(connection)?.into_iter().find(|(name, _)| **name == *product);
    own.map(|(product, last)| of_product(connection, product, last)).transpose()
}

/// The products, with the highest number that a value of each ever had.
fn products(connection: &Connection) -> Result<Vec<(Box<str>, u32)>, Error> {
    let mut statement = connection.prepare(include_str!("../../sql/read_products.sql"))?;
    let products = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
    products.collect()
}

fn of_product(
    connection: &Connection,
    product: Box<str>,
    last: u32,
) -> Result<(Box<str>, ProductRollups), Error> {
    let mut rollups = ProductRollups::default();
    rollups.vocabularies.numbers.last = last;
    read_values(connection, &product, &mut rollups)?;
    read_series(connection, &product, &mut rollups)?;
    read_devices(connection, &product, &mut rollups)?;
    read_frozen(connection, &product, &mut rollups)?;
    let sql = include_str!("../../sql/has_marks.sql");
    rollups.has_marks = connection.query_row(sql, params![product], |row| row.get(0))?;
    Ok((product, rollups))
}

/// Calls `each` with every row of a query about one product.
fn each_row(
    connection: &Connection,
    sql: &str,
    product: &str,
    mut each: impl FnMut(&Row<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(params![product])?;
    while let Some(row) = rows.next()? {
        each(row)?;
    }
    Ok(())
}

fn read_values(
    connection: &Connection,
    product: &str,
    rollups: &mut ProductRollups,
) -> Result<(), Error> {
    let mut columns: Vec<(String, Vec<CountedValue>)> = Vec::new();
    let sql = include_str!("../../sql/read_counted_values.sql");
    each_row(connection, sql, product, |row| {
        let (number, column): (u32, String) = (row.get(0)?, row.get(1)?);
        rollups.vocabularies.numbers.known.insert(number);
        let Some(standing) = standing(row)? else { return Ok(()) };
        if columns.last().is_none_or(|(last, _)| *last != column) {
            columns.push((column, Vec::new()));
        }
        let text: String = row.get(2)?;
        if let Some((_, values)) = columns.last_mut() {
            let text = text.into();
            values.push(CountedValue { number, text, standing, is_changed: false });
        }
        Ok(())
    })?;
    for (column, values) in columns {
        rollups.vocabularies.read(&column, values);
    }
    Ok(())
}

/// The standing of a value that is in memory: `None` if it had a row once.
fn standing(row: &Row<'_>) -> Result<Option<Standing>, Error> {
    let last = row.get(4).map(|last: Option<i32>| last.map(Day::from_number));
    let last = || last.and_then(|last| last.ok_or_else(|| damaged("rollup_value")));
    Ok(match row.get(3)? {
        0 => Some(Standing::Fixed),
        1 => Some(Standing::Row(last()?)),
        2 => {
            let tellers = Tellers::read(last()?, row.get_ref(5)?.as_blob()?);
            Some(Standing::Candidate(tellers.ok_or_else(|| damaged("rollup_value"))?))
        }
        3 => None,
        _ => return Err(damaged("rollup_value")),
    })
}

impl Tellers {
    fn read(last: Day, bytes: &[u8]) -> Option<Self> {
        let (entries, []) = bytes.as_chunks::<8>() else { return None };
        let devices = entries.iter().map(|entry| {
            let [a, b, c, d, e, f, g, h] = *entry;
            let slot = u32::from_le_bytes([a, b, c, d]);
            let day = Day::from_number(i32::from_le_bytes([e, f, g, h]));
            ((slot != u32::MAX).then_some(slot), day)
        });
        Some(Self { last, devices: devices.collect() })
    }
}

fn read_series(
    connection: &Connection,
    product: &str,
    rollups: &mut ProductRollups,
) -> Result<(), Error> {
    each_row(connection, include_str!("../../sql/read_series.sql"), product, |row| {
        let kind = SeriesKind::of_number(row.get(1)?).ok_or_else(|| damaged("rollup_series"))?;
        let series = Series { kind, event: row.get(2)?, one: row.get(3)?, other: row.get(4)? };
        rollups.series.insert(series, row.get(0)?);
        Ok(())
    })
}

/// Reads which device has which slot.
pub(super) fn read_device_table(
    connection: &Connection,
    product: &str,
) -> Result<DeviceTable, Error> {
    let mut devices = DeviceTable::default();
    each_row(connection, include_str!("../../sql/read_device_pages.sql"), product, |row| {
        let read = devices.read(row.get(0)?, row.get_ref(1)?.as_blob()?);
        read.ok_or_else(|| damaged("device_page"))
    })?;
    devices.rebuild_index();
    Ok(devices)
}

fn read_devices(
    connection: &Connection,
    product: &str,
    rollups: &mut ProductRollups,
) -> Result<(), Error> {
    rollups.devices = read_device_table(connection, product)?;
    each_row(connection, include_str!("../../sql/read_device_sets.sql"), product, |row| {
        let (day, version): (i32, i64) = (row.get(0)?, row.get(1)?);
        let slots = RoaringBitmap::deserialize_from(row.get_ref(3)?.as_blob()?)
            .map_err(|_| damaged("device_set"))?;
        if version == OLDER.0 {
            rollups.older = slots;
            return Ok(());
        }
        let scope = DeviceScope::of_number(version).ok_or_else(|| damaged("device_set"))?;
        let sets = rollups.days.entry(Day::from_number(day)).or_default();
        let set = sets.sets.entry(scope).or_default().entry(row.get(2)?).or_default();
        set.all |= slots;
        set.pieces += 1;
        Ok(())
    })
}

fn read_frozen(
    connection: &Connection,
    product: &str,
    rollups: &mut ProductRollups,
) -> Result<(), Error> {
    each_row(connection, include_str!("../../sql/read_frozen.sql"), product, |row| {
        let name: String = row.get(0)?;
        let period = Period::ALL.into_iter().find(|(_, known)| *known == name);
        let (period, _) = period.ok_or_else(|| damaged("rollup_period"))?;
        rollups.frozen.insert((period, Day::from_number(row.get(1)?)), row.get(2)?);
        Ok(())
    })
}
