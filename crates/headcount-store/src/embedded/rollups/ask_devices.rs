//! Answers questions about devices: of days that live from memory, of days that
//! have expired from what stayed of them.

use std::collections::BTreeMap;

use headcount_catalog::{Age, Day, Period};
use rusqlite::{Connection, Error, params};

use super::answer_rows::{count, day, rows};
use super::live_devices::LiveDevices;
use super::names::Names;
use super::sketch::Sketch;
use super::write::damaged;
use crate::{ActiveRow, CohortRow, MarkRow, VersionScope};

/// Devices by period and version, and whether they are exact.
type Active = BTreeMap<(Day, String), (f64, bool)>;

pub(super) fn active(
    connection: &Connection,
    (product, period): (&str, Period),
    days: (Day, Day),
    versions: &VersionScope,
    live: &LiveDevices,
) -> Result<Vec<ActiveRow>, Error> {
    let names = Names::read(connection, product)?;
    let mut active: Active = BTreeMap::new();
    let mut add = |start, version: String, devices: f64, is_exact| {
        let entry = active.entry((start, version)).or_insert((0.0, true));
        *entry = (entry.0 + devices, entry.1 && is_exact);
    };
    for ((start, version), devices) in &live.periods {
        add(*start, version.clone(), *devices as f64, true);
    }
    let of_version = |number: u32| {
        let place = names.version(number, versions)?;
        Some(names.shown(place, versions).unwrap_or_default())
    };
    let key = (product, period);
    let mut numbers: BTreeMap<(Day, String), i64> = BTreeMap::new();
    for frozen in frozen(connection, key, days, *versions == VersionScope::All)? {
        // The version of all devices is none, and the scope is all of them.
        let Some(version) = of_version(u32::try_from(frozen.version).unwrap_or(0)) else {
            continue;
        };
        let late = live.late.get(&(frozen.start, frozen.version, frozen.weight));
        let (devices, is_exact) = frozen.devices(late);
        // A device that told several values under one text counts once for
        // each of them.
        let shown = (frozen.start, version.clone());
        let is_one = *numbers.entry(shown).or_insert(frozen.version) == frozen.version;
        add(frozen.start, version, devices, is_exact && is_one);
    }
    for (start, sketches) in new_late(connection, key, days, live)? {
        for (version, devices) in sketches {
            let Some(version) = of_version(u32::try_from(version).unwrap_or(0)) else { continue };
            add(start, version, devices, false);
        }
    }
    for (start, number, devices) in marks_by_version(connection, key, days)? {
        if let Some(version) = of_version(number) {
            add(start, version, devices as f64, true);
        }
    }
    let is_each = *versions == VersionScope::Each;
    let rows = active.into_iter().map(|((start, version), (devices, is_exact))| ActiveRow {
        start,
        version: is_each.then_some(version),
        devices: devices.round() as u64,
        is_exact,
    });
    Ok(rows.filter(|row| row.devices > 0).collect())
}

/// What stayed of one period, scope and weight.
struct Frozen {
    start: Day,
    version: i64,
    weight: u16,
    exact: u64,
    estimate: f64,
    is_late: bool,
    sketch: Vec<u8>,
    known: Option<Sketch>,
}

impl Frozen {
    /// The number, and whether it is exact: what was counted when the first day
    /// expired, and as many more as sketches see now.
    fn devices(&self, late: Option<&Sketch>) -> (f64, bool) {
        let exact = self.exact as f64;
        let Some(known) = self.known.as_ref().filter(|_| self.is_late) else {
            return (exact, true);
        };
        let mut now = known.clone();
        if let Some(late) = late {
            now.merge(late);
        }
        let more = (now.estimate() - self.estimate).max(0.0) * f64::from(self.weight);
        (exact + more, false)
    }
}

fn frozen(
    connection: &Connection,
    (product, period): (&str, Period),
    (from, to): (Day, Day),
    of_all: bool,
) -> Result<Vec<Frozen>, Error> {
    let sql = include_str!("../../sql/ask_periods.sql");
    let parameters = params![product, period.name(), from.number(), to.number(), of_all];
    let mut all = rows(connection, sql, parameters, |row| {
        Ok(Frozen {
            start: day(row, 0)?,
            version: row.get(1)?,
            weight: row.get(2)?,
            exact: count(row, 3)?,
            estimate: row.get(4)?,
            is_late: row.get(5)?,
            sketch: row.get(6)?,
            known: None,
        })
    })?;
    for frozen in all.iter_mut().filter(|frozen| frozen.is_late) {
        let sketch = Sketch::read(&std::mem::take(&mut frozen.sketch));
        frozen.known = Some(sketch.ok_or_else(|| damaged("rollup_period"))?);
    }
    Ok(all)
}

/// Devices that came later, of versions and weights that had none before.
fn new_late(
    connection: &Connection,
    key: (&str, Period),
    days: (Day, Day),
    live: &LiveDevices,
) -> Result<BTreeMap<Day, Vec<(i64, f64)>>, Error> {
    let mut new: BTreeMap<Day, Vec<(i64, f64)>> = BTreeMap::new();
    if live.late.is_empty() {
        return Ok(new);
    }
    let mut known = frozen(connection, key, days, true)?;
    known.extend(frozen(connection, key, days, false)?);
    for ((start, version, weight), sketch) in &live.late {
        let is_known = known.iter().any(|frozen| {
            (frozen.start, frozen.version, frozen.weight) == (*start, *version, *weight)
        });
        if !is_known {
            let devices = sketch.estimate() * f64::from(*weight);
            new.entry(*start).or_default().push((*version, devices));
        }
    }
    Ok(new)
}

fn marks_by_version(
    connection: &Connection,
    (product, period): (&str, Period),
    (from, to): (Day, Day),
) -> Result<Vec<(Day, u32, u64)>, Error> {
    let sql = include_str!("../../sql/ask_marks_by_version.sql");
    let parameters = params![product, period.name(), from.number(), to.number()];
    rows(connection, sql, parameters, |row| Ok((day(row, 0)?, row.get(1)?, count(row, 2)?)))
}

pub(super) fn marks(
    connection: &Connection,
    (product, period): (&str, Period),
    (from, to): (Day, Day),
) -> Result<Vec<MarkRow>, Error> {
    let sql = include_str!("../../sql/ask_marks.sql");
    let parameters = params![product, period.name(), from.number(), to.number()];
    rows(connection, sql, parameters, |row| {
        let age = Age::read(row.get_ref(1)?.as_str()?);
        Ok(MarkRow { start: day(row, 0)?, age, devices: count(row, 2)? })
    })
}

pub(super) fn retention(
    connection: &Connection,
    product: &str,
    (from, to): (Day, Day),
    live: &LiveDevices,
) -> Result<Vec<CohortRow>, Error> {
    let sql = include_str!("../../sql/ask_cohorts.sql");
    let mut all = rows(connection, sql, params![product, from.number(), to.number()], |row| {
        Ok(CohortRow { cohort: day(row, 0)?, week: day(row, 1)?, devices: count(row, 2)? })
    })?;
    let living = live.cohorts.iter().map(|((cohort, week), devices)| CohortRow {
        cohort: *cohort,
        week: *week,
        devices: *devices,
    });
    all.extend(living.filter(|row| (from..=to).contains(&row.cohort)));
    all.sort_unstable();
    Ok(all)
}
