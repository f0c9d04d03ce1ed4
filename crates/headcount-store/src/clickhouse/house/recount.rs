//! Counts what new batches have brought.
//!
//! ```text
//! a day that is not counted    its events, whole
//! counted                      what is new, as one more generation
//! of many generations          what is new and these, as one
//! settled                      the same, and open values are closed
//! ```
//!
//! So a count does not add up again what is counted: of these events it reads
//! the batches by which they came, and ids (`docs/operate/scale.md` says what
//! that takes).

use std::collections::BTreeMap;

use headcount_catalog::Day;

use super::super::NewBatches;
use super::super::sql_day::SqlDay;
use super::Housekeeper;
use super::begun::open_erasures;
use super::contained::Contained;
use super::counted_days::{CountedDay, CountedDays};
use super::generation::{self, Purpose};
use super::hold::{By, HeldDay, Holding, Numbers};
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
    recount_but(
        keeper,
        &erased_from,
        Numbers { generation, erased: generation, by: By::Housekeeper },
    )
}

/// Counts what is new of all products but some.
pub(super) fn recount_but(
    keeper: Housekeeper<'_>,
    left_out: &[String],
    numbers: Numbers,
) -> Result<u64, StoreError> {
    let contained = Contained::now(keeper)?;
    let statement = contained.told(keeper.statement("days_to_count", ""));
    let rows: Vec<(String, SqlDay, u64, u8)> = keeper.client.rows(&statement)?;
    // A week at once needs little memory: it is grouped by day.
    let mut weeks: BTreeMap<(String, Day, Way), Vec<Day>> = BTreeMap::new();
    for (product, SqlDay(day), parts, is_settled) in rows {
        if !left_out.contains(&product) {
            let key = (product, day.week_start(), Way::of(parts, is_settled > 0));
            weeks.entry(key).or_default().push(day);
        }
    }
    for ((product, _, way), days) in &weeks {
        if *way == Way::Settle {
            settle::settle(keeper, (product, days), Bounds::NONE, numbers)?;
        } else {
            count(&CountedDays::read(keeper, (product, days))?, *way, numbers)?;
        }
    }
    Ok(weeks.values().map(|days| days.len() as u64).sum())
}

/// Counts some days of a week, in their order, whole, and again if they were
/// counted. Returns those that hold.
pub(super) fn count_whole(
    counted: &CountedDays<'_>,
    numbers: Numbers,
) -> Result<Vec<Day>, StoreError> {
    count(counted, Way::Whole, numbers)
}

fn count(counted: &CountedDays<'_>, way: Way, numbers: Numbers) -> Result<Vec<Day>, StoreError> {
    let (Some(first), Some(last)) = (counted.days.first(), counted.days.last()) else {
        return Ok(Vec::new());
    };
    let new = match way {
        Way::Whole => NewBatches::default(),
        _ => counted.new_batches()?,
    };
    let names = match way {
        Way::Whole => ["count_cells", "count_devices"],
        Way::Add => ["add_cells", "add_devices"],
        Way::Fold | Way::Settle => ["fold_cells", "fold_devices"],
    };
    let Numbers { generation, by, .. } = numbers;
    for name in names {
        let statement = match way {
            Way::Whole => {
                let days = (first.day, last.day);
                let statement = counted.keeper.statement_within(name, counted.product, days);
                counted.contained.told(statement)
            }
            _ => counted.keeper.statement_adding(name, counted.product, &new),
        };
        let statement = statement.with("days", counted.list()).with("generation", generation);
        counted.keeper.run(&counted.told(statement))?;
    }
    counted.hold(Holding { generation, is_settled: false, by }, |day| held(day, way, numbers))
}

fn held(day: &CountedDay, way: Way, numbers: Numbers) -> HeldDay {
    let parts = match way {
        Way::Add => day.parts.clone(),
        _ => Vec::new(),
    };
    // Generations that stay have what was erased before they were counted, and
    // nothing that was erased since: then the day was counted whole.
    let erased = match way {
        Way::Whole => numbers.erased,
        _ => day.erased,
    };
    HeldDay { erased, parts }
}

/// Makes one generation of each day up to `closed` that has several. The last
/// three of them are counted whole: that mends what a replica told in another
/// order than it came.
pub(super) fn close_days(keeper: Housekeeper<'_>, closed: Day) -> Result<(), StoreError> {
    let generation = generation::next(keeper, Purpose::Counts)?;
    let begun = open_erasures(keeper)?;
    let ask = keeper.statement("days_to_fold", "").with("closed", closed);
    let rows: Vec<(String, SqlDay, u8)> = keeper.client.rows(&ask)?;
    let mut weeks: BTreeMap<(String, Day, Way), Vec<Day>> = BTreeMap::new();
    for (product, SqlDay(day), is_not_whole) in rows {
        let way = if is_not_whole > 0 { Way::Whole } else { Way::Fold };
        if begun.iter().all(|begun| begun.product != product) {
            weeks.entry((product, day.week_start(), way)).or_default().push(day);
        }
    }
    let numbers = Numbers { generation, erased: generation, by: By::Housekeeper };
    for ((product, _, way), days) in &weeks {
        count(&CountedDays::read(keeper, (product, days))?, *way, numbers)?;
    }
    Ok(())
}
