//! A day of raw events goes: what its devices stand for is kept as numbers and
//! sketches, and devices without another day are forgotten.

use std::collections::BTreeSet;

use headcount_catalog::{Day, Period};
use roaring::RoaringBitmap;
use rusqlite::{Connection, Error, OptionalExtension, params};

use super::cohorts;
use super::day_devices::{self, DayDevices, DeviceScope};
use super::product::ProductRollups;
use super::sketch::Sketch;
use super::write::damaged;
use super::write_values::count;

/// Takes a day out of a product's rollups. Everything that was counted before
/// must have been written. The window begins the day after.
pub(super) fn expire(
    connection: &Connection,
    product: &str,
    rollups: &mut ProductRollups,
    day: Day,
) -> Result<(), Error> {
    if rollups.days.get(&day).is_some_and(DayDevices::has_counted) {
        freeze_cohorts(connection, product, rollups, day)?;
        for (period, _) in Period::ALL {
            freeze(connection, product, rollups, period, day)?;
            rollups.frozen.entry((period, period.start(day))).or_insert(false);
        }
    }
    rollups.vocabularies.all_mut().for_each(|vocabulary| vocabulary.expire(day));
    connection
        .prepare_cached(include_str!("../../sql/remove_device_sets_of_day.sql"))?
        .execute(params![product, day.number()])?;
    let Some(gone) = rollups.days.remove(&day) else { return Ok(()) };
    forget_devices(rollups, day, &gone);
    Ok(())
}

/// Devices of a day that has gone are older than the oldest day, or forgotten
/// if they have no other day.
fn forget_devices(rollups: &mut ProductRollups, day: Day, gone: &DayDevices) {
    let slots = gone.slots();
    let live = rollups.days.values().fold(RoaringBitmap::new(), |all, day| all | day.slots());
    let counted = day_devices::union([gone].into_iter(), |scope| scope == DeviceScope::All);
    let older = counted.values().fold(RoaringBitmap::new(), |all, set| all | set) & &live;
    rollups.is_older_changed |= !older.is_subset(&rollups.older);
    rollups.older |= older;
    for slot in &slots & &live {
        rollups.devices.unsee(slot, day);
    }
    for slot in slots - live {
        rollups.forget(slot);
    }
}

fn freeze_cohorts(
    connection: &Connection,
    product: &str,
    rollups: &ProductRollups,
    day: Day,
) -> Result<(), Error> {
    let week = day.week_start();
    if rollups.frozen.contains_key(&(Period::Week, week)) {
        return Ok(());
    }
    let mut write = connection.prepare_cached(include_str!("../../sql/write_cohort.sql"))?;
    for ((cohort, active), devices) in cohorts::live(rollups) {
        if cohort == week {
            write.execute(params![product, cohort.number(), active.number(), count(devices)])?;
        }
    }
    Ok(())
}

/// Keeps the number of the period that a day is in, the first time that one of
/// its days expires, and adds its devices to its sketches.
fn freeze(
    connection: &Connection,
    product: &str,
    rollups: &ProductRollups,
    period: Period,
    day: Day,
) -> Result<(), Error> {
    let Some(expiring) = rollups.days.get(&day) else { return Ok(()) };
    let start = period.start(day);
    let is_first = !rollups.frozen.contains_key(&(period, start));
    let live = || {
        let range = rollups.days.range(start..).map(|(day, devices)| (*day, devices));
        range.take_while(move |(day, _)| period.start(*day) == start).map(|(_, devices)| devices)
    };
    // Later expiries only add their own day: the other days have not gone yet.
    let scopes: BTreeSet<DeviceScope> = if is_first {
        live().flat_map(|day| day.sets.keys().copied()).collect()
    } else {
        expiring.sets.keys().copied().collect()
    };
    for scope in scopes.into_iter().filter(|scope| *scope != DeviceScope::Uncounted) {
        let by_weight = if is_first {
            day_devices::union(live(), |other| other == scope)
        } else {
            day_devices::union([expiring].into_iter(), |other| other == scope)
        };
        for (weight, slots) in by_weight {
            let key = FrozenKey { product, period, start, scope, weight };
            key.write(connection, &slots, rollups)?;
        }
    }
    Ok(())
}

/// A row of the table of frozen periods.
struct FrozenKey<'a> {
    product: &'a str,
    period: Period,
    start: Day,
    scope: DeviceScope,
    weight: u16,
}

impl FrozenKey<'_> {
    fn write(
        &self,
        connection: &Connection,
        slots: &RoaringBitmap,
        rollups: &ProductRollups,
    ) -> Result<(), Error> {
        let (period, start) = (self.period.name(), self.start.number());
        let (scope, weight) = (self.scope.number(), self.weight);
        let known: Option<Vec<u8>> = connection
            .prepare_cached(include_str!("../../sql/read_sketch.sql"))?
            .query_row(params![self.product, period, start, scope, weight], |row| row.get(0))
            .optional()?;
        let is_new = known.is_none();
        let bytes = known.unwrap_or_default();
        let mut sketch = Sketch::read(&bytes).ok_or_else(|| damaged("rollup_period"))?;
        if self.period != Period::Day {
            let devices = slots.iter().filter_map(|slot| rollups.devices.pseudonym(slot));
            devices.for_each(|device| sketch.add(device));
        }
        // A device that came later is in no number, only in the sketch.
        let has_number = is_new && !rollups.frozen.contains_key(&(self.period, self.start));
        let devices = if has_number { slots.len() * u64::from(weight) } else { 0 };
        // A day has no sketch: whoever comes later is known until it expires
        // once more.
        let estimate = match self.period {
            _ if !has_number => 0.0,
            Period::Day => slots.len() as f64,
            Period::Week | Period::Month => sketch.estimate(),
        };
        connection.prepare_cached(include_str!("../../sql/write_period.sql"))?.execute(params![
            self.product,
            period,
            start,
            scope,
            weight,
            count(devices),
            estimate,
            !has_number,
            if self.period == Period::Day { Vec::new() } else { sketch.bytes() }
        ])?;
        Ok(())
    }
}

/// Takes the counts of days before `first` out of the tables. Periods and
/// cohorts go with their first day. Returns the number of days.
pub(super) fn expire_counts(
    connection: &Connection,
    product: &str,
    rollups: Option<&mut ProductRollups>,
    first: Day,
) -> Result<u64, Error> {
    if let Some(rollups) = rollups {
        rollups.frozen.retain(|(period, start), _| *start >= period.start(first));
    }
    let before = params![product, first.number()];
    let days: i64 =
        connection
            .query_row(include_str!("../../sql/count_cell_days.sql"), before, |row| row.get(0))?;
    for sql in [
        include_str!("../../sql/expire_cells.sql"),
        include_str!("../../sql/expire_cohorts.sql"),
        include_str!("../../sql/expire_values.sql"),
        include_str!("../../sql/expire_rejected.sql"),
    ] {
        connection.prepare_cached(sql)?.execute(before)?;
    }
    for sql in
        [include_str!("../../sql/expire_marks.sql"), include_str!("../../sql/expire_periods.sql")]
    {
        for (period, name) in Period::ALL {
            let start = period.start(first).number();
            connection.prepare_cached(sql)?.execute(params![product, start, name])?;
        }
    }
    Ok(days.unsigned_abs())
}
