//! Counts what new batches have brought.
//!
//! ```text
//! a day that is not counted    its events, whole
//! counted                      what is new, as one more generation
//! of many generations          what is new and these, as one
//! settled                      the same, and open values are closed
//! ```
//!
//! So what a count takes depends on what is new, and not on how much is there:
//! of all events of the day, it reads their ids alone.

use std::collections::BTreeMap;

use headcount_catalog::Day;

use super::super::sql_day::SqlDay;
use super::super::statement::List;
use super::Housekeeper;
use super::begun::open_erasures;
use super::contained::{Contained, DayBatches, Held, HeldDay};
use super::counted_days::CountedDays;
use super::generation::{self, Purpose};
use super::settle::{self, Bounds};
use crate::{StoreError, limits};

/// How days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Whole,
    Add,
    Fold,
    Settle,
}

impl Way {
    fn of(parts: u64, is_settled: bool) -> Self {
        match parts {
            _ if is_settled => Self::Settle,
            0 => Self::Whole,
            parts if parts < limits::clickhouse::DAY_PARTS => Self::Add,
            _ => Self::Fold,
        }
    }
}

/// Counts every day that has batches that are in no generation. Returns how
/// many days of products that were.
///
/// A product that somebody is erased from is left out: its days are counted
/// when that is done, and until then questions add what is new.
///
/// # Errors
///
/// Returns an error if the server refuses. What was counted before holds.
pub(in super::super) fn recount(keeper: Housekeeper<'_>) -> Result<u64, StoreError> {
    // The number comes first: whoever begins to erase after this has a higher
    // one.
    let generation = generation::next(keeper, Purpose::Counts)?;
    let begun = open_erasures(keeper)?;
    let erased_from: Vec<String> = begun.into_iter().map(|begun| begun.product).collect();
    // Nobody is being erased: whoever was has no events any more.
    recount_but(keeper, &erased_from, Numbers { generation, erased: generation })
}

/// The number that days are counted under, and up to which erasure events are
/// gone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers {
    pub(super) generation: u64,
    pub(super) erased: u64,
}

/// Counts what is new of all products but some.
pub(super) fn recount_but(
    keeper: Housekeeper<'_>,
    left_out: &[String],
    numbers: Numbers,
) -> Result<u64, StoreError> {
    let contained = Contained::now(keeper)?;
    let statement = contained.told(keeper.statement("days_to_count", ""));
    let rows: Vec<(String, SqlDay, u64, u64, u8)> = keeper.client.rows(&statement)?;
    // A week at once needs little memory: it is grouped by day.
    let mut weeks: BTreeMap<(String, Day, Way), Vec<DayBatches>> = BTreeMap::new();
    for (product, SqlDay(day), batches, parts, is_settled) in rows {
        if !left_out.contains(&product) {
            let key = (product, day.week_start(), Way::of(parts, is_settled > 0));
            weeks.entry(key).or_default().push(DayBatches { day, batches });
        }
    }
    for ((product, _, way), batches) in &weeks {
        let days: Vec<Day> = batches.iter().map(|day| day.day).collect();
        let add = Adding { keeper, product, days: &days };
        match way {
            Way::Whole => count(keeper, &contained, (product, batches), numbers)?,
            Way::Add => add.add(&contained, batches, numbers.generation)?,
            Way::Fold => add.fold(&contained, batches, numbers.generation)?,
            Way::Settle => {
                settle::settle(keeper, (product, &days), Bounds::NONE, numbers.generation)?;
            }
        }
    }
    Ok(weeks.values().map(|days| days.len() as u64).sum())
}

/// Counts some days of a week, in their order, from all of their events.
pub(super) fn count(
    keeper: Housekeeper<'_>,
    contained: &Contained,
    (product, days): (&str, &[DayBatches]),
    Numbers { generation, erased }: Numbers,
) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(()) };
    for name in ["count_cells", "count_devices"] {
        let statement = keeper
            .statement_within(name, product, (first.day, last.day))
            .with("days", List::of_days(days.iter().map(|day| day.day)))
            .with("generation", generation);
        keeper.run(&contained.told(statement))?;
    }
    let day = |batches: &DayBatches| HeldDay { batches: *batches, erased, parts: Vec::new() };
    let days = days.iter().map(day).collect();
    contained.hold(keeper, product, &Held { generation, is_settled: false, days })
}

/// Makes one generation of each day up to `closed` that has several. `closed`
/// itself is counted whole: that mends what a replica told in another order
/// than it came.
pub(super) fn close_days(keeper: Housekeeper<'_>, closed: Day) -> Result<(), StoreError> {
    let generation = generation::next(keeper, Purpose::Counts)?;
    let begun = open_erasures(keeper)?;
    let ask = keeper.statement("days_to_fold", "").with("closed", closed);
    let rows: Vec<(String, SqlDay)> = keeper.client.rows(&ask)?;
    let mut weeks: BTreeMap<(String, Day, bool), Vec<Day>> = BTreeMap::new();
    for (product, SqlDay(day)) in rows {
        if begun.iter().all(|begun| begun.product != product) {
            weeks.entry((product, day.week_start(), day == closed)).or_default().push(day);
        }
    }
    let numbers = Numbers { generation, erased: generation };
    for ((product, _, is_whole), days) in &weeks {
        let contained = Contained::now(keeper)?;
        let batches = contained.batches_of(keeper, (product, days))?;
        match is_whole {
            true => count(keeper, &contained, (product, &batches), numbers)?,
            false => Adding { keeper, product, days }.fold(&contained, &batches, generation)?,
        }
    }
    Ok(())
}

/// Days of a week that are counted and are not settled, in their order.
struct Adding<'a> {
    keeper: Housekeeper<'a>,
    product: &'a str,
    days: &'a [Day],
}

impl Adding<'_> {
    /// Counts what is new, as one more generation.
    fn add(
        &self,
        contained: &Contained,
        batches: &[DayBatches],
        generation: u64,
    ) -> Result<(), StoreError> {
        let counted = CountedDays::read(self.keeper, (self.product, self.days))?;
        self.run(["add_cells", "add_devices"], contained, &counted, generation)?;
        let parts = |day| counted.parts(day).to_vec();
        self.hold(contained, batches, generation, &counted, parts)
    }

    /// Makes one generation of all, and of what is new.
    fn fold(
        &self,
        contained: &Contained,
        batches: &[DayBatches],
        generation: u64,
    ) -> Result<(), StoreError> {
        let counted = CountedDays::read(self.keeper, (self.product, self.days))?;
        self.run(["fold_cells", "fold_devices"], contained, &counted, generation)?;
        self.hold(contained, batches, generation, &counted, |_| Vec::new())
    }

    fn run(
        &self,
        names: [&str; 2],
        contained: &Contained,
        counted: &CountedDays,
        generation: u64,
    ) -> Result<(), StoreError> {
        let of = (self.product, self.days);
        let new = counted.new_batches(self.keeper, of, contained)?;
        for name in names {
            let statement = self
                .keeper
                .statement_adding(name, self.product, &new)
                .with("days", List::of_days(self.days.iter().copied()))
                .with("generation", generation);
            self.keeper.run(&counted.told(statement))?;
        }
        Ok(())
    }

    fn hold(
        &self,
        contained: &Contained,
        batches: &[DayBatches],
        generation: u64,
        counted: &CountedDays,
        parts: impl Fn(Day) -> Vec<u64>,
    ) -> Result<(), StoreError> {
        // What was erased before these generations were counted, and nothing
        // that was erased since: no event of it is in these days.
        let day = |batches: &DayBatches| HeldDay {
            batches: *batches,
            erased: counted.erased(batches.day),
            parts: parts(batches.day),
        };
        let days = batches.iter().map(day).collect();
        contained.hold(self.keeper, self.product, &Held { generation, is_settled: false, days })
    }
}
