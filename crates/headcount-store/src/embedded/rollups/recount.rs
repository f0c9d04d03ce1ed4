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

/// Counts raw events, in memory.
pub(in crate::embedded) struct Recounter {
    connection: Connection,
    rollups: Rollups,
    waiting: usize,
}

impl Recounter {
    pub(in crate::embedded) fn new() -> Result<Self, Error> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(include_str!("../../sql/format_3_rollups.sql"))?;
        let rollups = Rollups::read(&connection)?;
        Ok(Self { connection, rollups, waiting: 0 })
    }

    pub(in crate::embedded) fn add(&mut self, rows: &DayRows) -> Result<(), Error> {
        self.rollups.add(rows);
        self.waiting += rows.len();
        if self.waiting >= ROWS { self.write() } else { Ok(()) }
    }

    pub(in crate::embedded) fn finish(mut self) -> Result<Recount, Error> {
        self.write()?;
        Recount::read(&self.connection)
    }

    fn write(&mut self) -> Result<(), Error> {
        let transaction = self.connection.transaction()?;
        self.rollups.flush(&transaction)?;
        transaction.commit()?;
        self.waiting = 0;
        Ok(())
    }
}

/// How the counts of a day are compared with those of its raw events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::embedded) struct DayProof {
    pub(in crate::embedded) series: ProvedSeries,
    pub(in crate::embedded) events: LiveEvents,
}

/// Which counts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::embedded) enum ProvedSeries {
    #[default]
    All,
    /// Those of events by name: catalogs have changed how they are counted
    /// otherwise, and sealed events do not know under which one they came.
    Events,
}

/// Which raw events of a day are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::embedded) enum LiveEvents {
    #[default]
    All,
    /// Some were erased: sums still have them.
    NotErased,
    /// Some have expired: nothing can be compared.
    NotExpired,
}

/// A count that is not what raw events say.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::embedded) struct WrongCount {
    pub(in crate::embedded) product: String,
    pub(in crate::embedded) day: Day,
    /// What was counted, in words.
    pub(in crate::embedded) what: String,
    pub(in crate::embedded) kept: u64,
    pub(in crate::embedded) counted: u64,
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

    /// The first day of which a product has counts.
    pub(in crate::embedded) fn first_day(&self, product: &str) -> Option<Day> {
        self.days.keys().find(|(name, _)| name == product).map(|(_, day)| *day)
    }

    /// The counts that differ from those of the raw events of a day, the first
    /// of each day.
    pub(in crate::embedded) fn differences(
        &self,
        counted: &Self,
        proof: impl Fn(&str, Day) -> DayProof,
    ) -> Vec<WrongCount> {
        let mut days: Vec<&(String, Day)> = self.days.keys().chain(counted.days.keys()).collect();
        days.sort_unstable();
        days.dedup();
        let empty = DayCounts::new();
        let wrong = |key: &(String, Day)| {
            let proof = proof(&key.0, key.1);
            let [kept, counted] = [self, counted].map(|all| all.days.get(key).unwrap_or(&empty));
            let (what, kept, counted) = difference(kept, counted, proof)?;
            Some(WrongCount { product: key.0.clone(), day: key.1, what, kept, counted })
        };
        days.into_iter().filter_map(wrong).collect()
    }
}

/// The first count of a day that differs.
fn difference(
    kept: &DayCounts,
    counted: &DayCounts,
    proof: DayProof,
) -> Option<(String, u64, u64)> {
    let (mut both, is_events) = (BTreeMap::new(), proof.series == ProvedSeries::Events);
    for (place, counts) in [kept, counted].into_iter().enumerate() {
        for ((kind, names, outcome), count) in counts {
            let is_kept_out = is_events && *kind != SeriesKind::Events.number();
            if !is_kept_out {
                let outcome = if is_events { 0 } else { *outcome };
                both.entry((*kind, names, outcome)).or_insert([0, 0])[place] += count;
            }
        }
    }
    let is_wrong = |[kept, counted]: [u64; 2]| match proof.events {
        LiveEvents::All => kept != counted,
        LiveEvents::NotErased => kept < counted,
        LiveEvents::NotExpired => false,
    };
    let wrong = both.into_iter().find(|(_, counts)| is_wrong(*counts))?;
    let ((kind, names, _), [kept, counted]) = wrong;
    Some((in_words(kind, names), kept, counted))
}

fn in_words(kind: i64, [event, one, other, value, second]: &[String; 5]) -> String {
    match SeriesKind::of_number(kind) {
        Some(SeriesKind::Values) => format!("`{one}` {value} of event `{event}`"),
        Some(SeriesKind::Pairs) => {
            format!("`{one}` {value} with `{other}` {second} of event `{event}`")
        }
        Some(SeriesKind::WholeNumbers | SeriesKind::Fractions) => {
            format!("a bucket of `{one}` of event `{event}`")
        }
        Some(SeriesKind::Events) | None => format!("event `{value}`"),
    }
}
