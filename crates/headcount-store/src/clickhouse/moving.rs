//! Moves the raw events of a data folder to ClickHouse, day by day, also while
//! a collector writes to it.
//!
//! A day is read, shipped in batches, counted at the server, and compared with
//! what was read: then it is noted in `moves`. Whoever is ended half-way begins
//! with the day that is not noted; what has come twice lies under one key. A
//! day that has had more events since is moved again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use headcount_catalog::Day;

use super::house::{self, Housekeeper};
use super::migration::migrate;
use super::shipper::{Shipper, ship_totals};
use super::sql_day::SqlDay;
use super::{ClickHouseAddress, Client, Statement};
use crate::block::xxh64;
use crate::{
    AnswerRows, DayRows, OutcomeRow, Question, RejectedRow, SpoolTotals, SpooledBatch,
    SpooledRejected, StoreError, StoredAnswers, StoredEvents, limits,
};

/// A day of a product that has been looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedDay {
    /// The product's name.
    pub product: String,
    /// The day.
    pub day: Day,
    /// Its raw events.
    pub events: u64,
    /// Whether they have been moved now; otherwise they had been before.
    pub is_new: bool,
}

/// The number and the sum of the events of a day. The sum is of all of their
/// ids and contents, so that it does not depend on their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct DaySum {
    events: u64,
    sum: u64,
}

impl DaySum {
    fn add(&mut self, rows: &DayRows) {
        for (id, content) in rows.ids().iter().zip(rows.contents()) {
            // The last eight bytes of the id, as the server reads them.
            let bytes = id.bits().to_be_bytes();
            let low = u64::from_le_bytes(bytes[8..].try_into().unwrap_or_default());
            self.events += 1;
            let own = low.wrapping_mul(3).wrapping_add(u64::from(*content));
            self.sum = self.sum.wrapping_add(own);
        }
    }
}

/// Moves all raw events of a data folder, which is read and not changed, and
/// its sums of outcomes. `each` is told of every day that has events.
///
/// The counts of days whose raw events have expired stay in the folder.
///
/// # Errors
///
/// Returns an error if the folder cannot be read, the server refuses, or what
/// has arrived of a day is not what was sent. What was moved before stays.
pub fn move_events(
    from: &Path,
    to: &ClickHouseAddress,
    each: &mut dyn FnMut(&MovedDay),
) -> Result<(), StoreError> {
    let client = Client::new(to.clone());
    migrate(&client)?;
    let mut mover = Mover::new(&client, from)?;
    let days = StoredEvents::open(from)?.days()?;
    mover.check_gone(&days)?;
    for (product, day) in &days {
        each(&mover.day(from, product, *day)?);
    }
    // Sums that replace those of an earlier move.
    let (through, outcomes) = (mover.next_batch, outcomes(from)?);
    let rejected = rejected(from, &outcomes, &days)?;
    let totals = SpoolTotals { through, outcomes, rejected };
    ship_totals(&client, &totals, mover.node)?;
    house::keep_counts(Housekeeper { client: &client, node: mover.node })
}

/// Sums by product, outcome and reason.
type Outcomes = BTreeMap<(String, String, String), u64>;

/// What became of all arrivals.
fn outcomes(from: &Path) -> Result<Outcomes, StoreError> {
    match StoredAnswers::open(from)?.ask(&[Question::Outcomes])?.pop() {
        Some(AnswerRows::Outcomes(rows)) => {
            let sum = |row: OutcomeRow| ((row.product, row.outcome, row.reason), row.count);
            Ok(rows.into_iter().map(sum).collect())
        }
        _ => Ok(BTreeMap::new()),
    }
}

/// Where and why events were rejected, by the day of their arrival.
fn rejected(
    from: &Path,
    outcomes: &Outcomes,
    days: &[(String, Day)],
) -> Result<BTreeMap<SpooledRejected, u64>, StoreError> {
    let answers = StoredAnswers::open(from)?;
    let days = || days.iter().map(|(_, day)| day.number());
    let (Some(first), Some(last)) = (days().min(), days().max()) else {
        return Ok(BTreeMap::new());
    };
    let around = limits::clickhouse::MOVED_AROUND_DAYS;
    let products: BTreeSet<&String> = outcomes.keys().map(|(product, ..)| product).collect();
    let mut sums = BTreeMap::new();
    for product in products {
        for day in (first - around..=last + around).map(Day::from_number) {
            let question = Question::Rejected { product: product.clone(), from: day, to: day };
            if let Some(AnswerRows::Rejected(rows)) = answers.ask(&[question])?.pop() {
                sums.extend(rows.into_iter().map(|row| (spooled(product, day, &row), row.count)));
            }
        }
    }
    Ok(sums)
}

fn spooled(product: &str, day: Day, row: &RejectedRow) -> SpooledRejected {
    SpooledRejected {
        product: product.to_owned(),
        day,
        path: row.path.clone(),
        kind: row.kind.clone(),
        reason: row.reason.clone(),
        catalog: row.catalog,
        program: row.program.clone(),
    }
}

/// The folder's number: it stays as long as the folder is where it is, and the
/// folder of another machine has another one.
fn number_of(from: &Path) -> Result<u32, StoreError> {
    let of = |path: &Path| -> io::Result<u32> {
        let path = std::path::absolute(path)?;
        // Where the file system does not know it, the path has to do.
        let made = fs::metadata(&path)?.created().ok();
        let made = made.and_then(|made| made.duration_since(UNIX_EPOCH).ok());
        let mut bytes = path.as_os_str().as_encoded_bytes().to_vec();
        bytes.extend_from_slice(&made.map_or(0, |made| made.as_nanos()).to_le_bytes());
        Ok((xxh64(&bytes) as u32).max(1))
    };
    of(from).map_err(|error| StoreError::system("look at the data folder", from, error))
}

struct Mover<'c> {
    client: &'c Client,
    shipper: Shipper,
    /// The folder's number, by which its batches are told from those of
    /// collectors.
    node: u32,
    next_batch: u64,
    moved: HashMap<(String, Day), DaySum>,
}

impl<'c> Mover<'c> {
    fn new(client: &'c Client, from: &Path) -> Result<Self, StoreError> {
        let node = number_of(from)?;
        let read = Statement::house("read_moves", &[]).with("node", u64::from(node));
        let rows: Vec<(String, SqlDay, u64, u64)> = client.rows(&read)?;
        let moved = rows
            .into_iter()
            .map(|(product, SqlDay(day), events, sum)| ((product, day), DaySum { events, sum }));
        let last = Statement::new("SELECT max(batch) FROM batches WHERE node = {node:UInt32}");
        let (last,): (u64,) = client.row(&last.with("node", u64::from(node)))?;
        let (moved, shipper) = (moved.collect(), Shipper::default());
        Ok(Self { client, shipper, node, next_batch: last + 1, moved })
    }

    fn day(&mut self, from: &Path, product: &str, day: Day) -> Result<MovedDay, StoreError> {
        let looked_at =
            |events, is_new| MovedDay { product: product.to_owned(), day, events, is_new };
        // A day that has never been moved is read once, to be sent.
        if let Some(known) = self.moved.get(&(product.to_owned(), day)) {
            let mut there = DaySum::default();
            StoredEvents::open(from)?.each_rows(product, day, day, |rows| there.add(rows))?;
            if *known == there {
                return Ok(looked_at(there.events, false));
            }
        }
        let shipped = self.ship(from, product, day)?;
        let arrived = self.arrived(product, day)?;
        if arrived.events > shipped.events {
            return Err(self.erased(product, day));
        }
        if arrived != shipped {
            return Err(StoreError::new(format!(
                "of {product} on {day}, {} events were sent and {} have arrived at {}: see whether \
                 somebody removes events there, and run this again",
                shipped.events,
                arrived.events,
                self.client.address()
            )));
        }
        let DaySum { events, sum } = shipped;
        let row = format!(
            "INSERT INTO moves VALUES ({}, {{product:String}}, '{day}', {events}, {sum}, now())",
            self.node
        );
        self.client.run(&Statement::new(row).with("product", product))?;
        Ok(looked_at(events, true))
    }

    /// Looks whether days that have been moved have no event any more, although
    /// they are not too old: whoever was erased must not stay at the server.
    fn check_gone(&self, days: &[(String, Day)]) -> Result<(), StoreError> {
        for (product, day) in self.moved.keys() {
            let first = days.iter().find(|(own, _)| own == product).map(|(_, day)| *day);
            let is_gone = !days.contains(&(product.clone(), *day));
            let is_young = first.is_none_or(|first| *day > first);
            if is_gone && is_young && self.arrived(product, *day)?.events > 0 {
                return Err(self.erased(product, *day));
            }
        }
        Ok(())
    }

    fn erased(&self, product: &str, day: Day) -> StoreError {
        StoreError::new(format!(
            "events of {product} on {day} were erased from the folder after they had been moved: ask \
             for the same erasures at a collector of {}, and run this again",
            self.client.address()
        ))
    }

    /// Sends a day, a batch at a time. More may have come since it was counted.
    fn ship(&mut self, from: &Path, product: &str, day: Day) -> Result<DaySum, StoreError> {
        let mut sum = DaySum::default();
        let mut batch = SpooledBatch::default();
        let mut rows_in_batch = 0;
        let mut failed = None;
        StoredEvents::open(from)?.each_rows(product, day, day, |rows| {
            if failed.is_some() {
                return;
            }
            sum.add(rows);
            rows_in_batch += rows.len();
            batch.rows.push(rows.clone());
            if rows_in_batch >= limits::clickhouse::MOVED_ROWS {
                failed = self.send(std::mem::take(&mut batch)).err();
                rows_in_batch = 0;
            }
        })?;
        match failed {
            Some(error) => Err(error),
            None => self.send(batch).map(|()| sum),
        }
    }

    fn send(&mut self, batch: SpooledBatch) -> Result<(), StoreError> {
        let batch = SpooledBatch { number: self.next_batch, ..batch };
        self.next_batch += 1;
        self.shipper.ship_batch(self.client, &batch, self.node)
    }

    /// What the server has of a day from this folder.
    fn arrived(&self, product: &str, day: Day) -> Result<DaySum, StoreError> {
        let count = Statement::house("count_moved", &[])
            .with("product", product)
            .with("from", day)
            .with("to", day)
            .with("node", u64::from(self.node));
        let rows: Vec<(String, u64, u64)> = self.client.rows(&count)?;
        Ok(rows
            .first()
            .map_or(DaySum::default(), |(_, events, sum)| DaySum { events: *events, sum: *sum }))
    }
}
