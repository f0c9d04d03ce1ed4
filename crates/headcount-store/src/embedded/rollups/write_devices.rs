//! Writes the devices and the days on which they were active.

use headcount_catalog::{Day, Period};
use roaring::RoaringBitmap;
use rusqlite::{Connection, Error, params};

use super::day_devices::{DeviceScope, DeviceSet};
use super::product::ProductRollups;
use crate::limits;

/// The version of the set of devices that are older than the oldest day, and
/// its day.
pub(super) const OLDER: (i64, Day) = (-3, Day::from_number(0));

/// Writes what is not on disk.
pub(super) fn write(
    connection: &Connection,
    product: &str,
    rollups: &mut ProductRollups,
) -> Result<(), Error> {
    let mut page = connection.prepare_cached(include_str!("../../sql/write_device_page.sql"))?;
    rollups
        .devices
        .write(|number, body| page.execute(params![product, number, body]).map(|_| ()))?;
    for vocabulary in rollups.vocabularies.all_mut().filter(|known| !known.gone.is_empty()) {
        for day in rollups.days.values_mut() {
            day.fold_versions(&vocabulary.gone, vocabulary.other());
        }
    }
    for (day, devices) in &mut rollups.days {
        for (scope, sets) in &mut devices.sets {
            for (weight, set) in sets.iter_mut() {
                write_set(connection, product, (*day, *scope, *weight), set)?;
            }
            sets.retain(|_, set| !set.all.is_empty());
        }
        devices.sets.retain(|_, sets| !sets.is_empty());
    }
    if std::mem::take(&mut rollups.is_older_changed) {
        write_older(connection, product, &rollups.older)?;
    }
    let mut late = connection.prepare_cached(include_str!("../../sql/write_late.sql"))?;
    for (period, start) in std::mem::take(&mut rollups.newly_late) {
        late.execute(params![product, Period::name(period), start.number()])?;
    }
    Ok(())
}

/// Writes the devices that are new in a set as a piece; all of them as one
/// piece if there are too many pieces, or if some are gone.
fn write_set(
    connection: &Connection,
    product: &str,
    key: (Day, DeviceScope, u16),
    set: &mut DeviceSet,
) -> Result<(), Error> {
    if set.fresh.is_empty() && !set.is_outdated {
        return Ok(());
    }
    let (day, scope, weight) = (key.0.number(), key.1.number(), key.2);
    let is_whole = set.is_outdated || set.pieces >= limits::SET_PIECES;
    if is_whole && set.pieces > 0 {
        connection
            .prepare_cached(include_str!("../../sql/remove_device_set.sql"))?
            .execute(params![product, day, scope, weight])?;
        set.pieces = 0;
    }
    let slots = if is_whole { &set.all } else { &set.fresh };
    if !slots.is_empty() {
        let body = bytes(slots)?;
        connection
            .prepare_cached(include_str!("../../sql/write_device_set.sql"))?
            .execute(params![product, day, scope, weight, set.pieces, body])?;
        set.pieces += 1;
    }
    set.fresh.clear();
    set.is_outdated = false;
    Ok(())
}

fn write_older(connection: &Connection, product: &str, older: &RoaringBitmap) -> Result<(), Error> {
    let (version, day) = OLDER;
    connection
        .prepare_cached(include_str!("../../sql/remove_device_set.sql"))?
        .execute(params![product, day.number(), version, 0])?;
    connection.prepare_cached(include_str!("../../sql/write_device_set.sql"))?.execute(params![
        product,
        day.number(),
        version,
        0,
        0,
        bytes(older)?
    ])?;
    Ok(())
}

fn bytes(slots: &RoaringBitmap) -> Result<Vec<u8>, Error> {
    let mut body = Vec::with_capacity(slots.serialized_size());
    slots.serialize_into(&mut body).map_err(|error| Error::ToSqlConversionFailure(error.into()))?;
    Ok(body)
}
