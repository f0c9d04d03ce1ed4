//! Counts raw events once more, to prove that rollups are right.
//!
//! Values of open vocabularies are one here: which of them has a row depends on
//! the order in which events came.

use std::collections::{BTreeMap, HashMap};

use headcount_catalog::Day;
use rusqlite::{Connection, Error};

use super::super::seams::RollupState;
use super::Rollups;
use super::cells;
use super::series::SeriesKind;
use super::write::damaged;
use crate::DayRows;

/// Rows that are counted before they are written.
const ROWS: usize = 1 << 20;

/// Counts of all products and days, comparable whatever the order of events
/// was.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::embedded) struct Recount {
    /// By product and day.
    days: BTreeMap<(String, Day), DayCounts>,
}

/// Counts of one day: by series, values and outcome.
type DayCounts = BTreeMap<(i64, [String; 5], u8), u64>;

/// Counts raw events.
pub(in crate::embedded) fn recompute(
    rows: impl Iterator<Item = DayRows>,
) -> Result<Recount, Error> {
    let mut connection = Connection::open_in_memory()?;
    connection.execute_batch(include_str!("../../sql/format_3_rollups.sql"))?;
    let mut rollups = Rollups::read(&connection)?;
    let mut waiting = 0;
    for rows in rows {
        rollups.add(&rows);
        waiting += rows.len();
        if waiting >= ROWS {
            write(&mut connection, &mut rollups)?;
            waiting = 0;
        }
    }
    write(&mut connection, &mut rollups)?;
    Recount::read(&connection)
}

fn write(connection: &mut Connection, rollups: &mut Rollups) -> Result<(), Error> {
    let transaction = connection.transaction()?;
    rollups.flush(&transaction)?;
    transaction.commit()
}

impl Recount {
    /// Reads what the tables say.
    pub(in crate::embedded) fn read(connection: &Connection) -> Result<Self, Error> {
        let mut fixed: HashMap<(String, u32), String> = HashMap::new();
        let mut statement = connection.prepare(include_str!("../../sql/recount_values.sql"))?;
        let mut values = statement.query(())?;
        while let Some(row) = values.next()? {
            fixed.insert((row.get(0)?, row.get(1)?), row.get(2)?);
        }
        let mut recount = Self::default();
        let mut statement = connection.prepare(include_str!("../../sql/recount_cells.sql"))?;
        let mut cells = statement.query(())?;
        while let Some(row) = cells.next()? {
            let product: String = row.get(0)?;
            let kind =
                SeriesKind::of_number(row.get(1)?).ok_or_else(|| damaged("rollup_series"))?;
            let [event, one, other]: [String; 3] = [row.get(2)?, row.get(3)?, row.get(4)?];
            let day = Day::from_number(row.get(5)?);
            let text = |number: u32| {
                let known = fixed.get(&(product.clone(), number)).cloned();
                known.unwrap_or_else(|| if number == 0 { "none" } else { "open" }.to_owned())
            };
            let is_value = !matches!(kind, SeriesKind::WholeNumbers | SeriesKind::Fractions);
            let mut counts: BTreeMap<(String, String, u8), u64> = BTreeMap::new();
            cells::decode(row.get_ref(6)?.as_blob()?, |key, count| {
                let value = if is_value { text(key.one) } else { key.one.to_string() };
                let key = (value, text(key.other), key.outcome as u8);
                *counts.entry(key).or_default() += count;
            })
            .ok_or_else(|| damaged("rollup_cells"))?;
            let of_day = recount.days.entry((product.clone(), day)).or_default();
            for ((value, second, outcome), count) in counts {
                let names = [event.clone(), one.clone(), other.clone(), value, second];
                *of_day.entry((kind.number(), names, outcome)).or_default() += count;
            }
        }
        Ok(recount)
    }

    /// The days on which two counts differ, of those that `is_whole` says have
    /// all of their raw events.
    pub(in crate::embedded) fn differences(
        &self,
        other: &Self,
        is_whole: impl Fn(&str, Day) -> bool,
    ) -> Vec<(String, Day)> {
        let mut days: Vec<&(String, Day)> = self.days.keys().chain(other.days.keys()).collect();
        days.sort_unstable();
        days.dedup();
        let differ = |key: &&(String, Day)| {
            is_whole(&key.0, key.1) && self.days.get(*key) != other.days.get(*key)
        };
        days.into_iter().filter(differ).cloned().collect()
    }
}
