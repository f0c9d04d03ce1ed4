//! Counts days again of which new batches have come.

use std::collections::BTreeMap;

use headcount_catalog::Day;

use super::super::statement::List;
use super::generation::{self, Purpose};
use super::{Housekeeper, Statement};
use crate::StoreError;

/// The batches that a generation contains: of each collector those up to one.
#[derive(Debug, Clone, Default)]
pub(super) struct Contained {
    pub(super) nodes: Vec<u64>,
    pub(super) lasts: Vec<u64>,
}

/// A day that is to be counted, and the number of batches that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DayBatches {
    pub(super) day: Day,
    pub(super) batches: u64,
}

/// Days of a product in one week. A week at once needs little memory: it is
/// grouped by day.
pub(super) type Weeks = BTreeMap<(String, Day), Vec<DayBatches>>;

impl Contained {
    /// Those that have come so far.
    pub(super) fn now(keeper: Housekeeper<'_>) -> Result<Self, StoreError> {
        let ends: Vec<(u32, u64)> = keeper.client.rows(&Statement::house("last_batches", &[]))?;
        let nodes = ends.iter().map(|(node, _)| u64::from(*node)).collect();
        Ok(Self { nodes, lasts: ends.into_iter().map(|(_, last)| last).collect() })
    }

    pub(super) fn told(&self, statement: Statement) -> Statement {
        statement
            .with("nodes", List::of_numbers(self.nodes.iter().copied()))
            .with("lasts", List::of_numbers(self.lasts.iter().copied()))
    }
}

/// Counts every day that has batches that are in no generation. Returns how
/// many days of products that were.
///
/// # Errors
///
/// Returns an error if the server refuses. What was counted before holds.
pub(super) fn recount(keeper: Housekeeper<'_>) -> Result<u64, StoreError> {
    let contained = Contained::now(keeper)?;
    let statement = contained.told(Statement::house("days_to_count", &[]));
    let rows: Vec<(String, String, u64, u8)> = keeper.client.rows(&statement)?;
    let mut weeks = Weeks::new();
    for (product, day, batches, _) in rows {
        let Some(day) = Day::parse(&day) else { continue };
        weeks.entry((product, day.week_start())).or_default().push(DayBatches { day, batches });
    }
    if weeks.is_empty() {
        return Ok(0);
    }
    let generation = generation::next(keeper, Purpose::Counts)?;
    for ((product, _), days) in &weeks {
        count(keeper, &contained, (product, days), generation)?;
    }
    Ok(weeks.values().map(|days| days.len() as u64).sum())
}

/// Counts some days of a week from their events.
pub(super) fn count(
    keeper: Housekeeper<'_>,
    contained: &Contained,
    (product, days): (&str, &[DayBatches]),
    generation: u64,
) -> Result<(), StoreError> {
    for name in ["count_cells", "count_devices"] {
        let statement = Statement::house(name, &[])
            .with("product", product)
            .with("days", List::of_days(days.iter().map(|day| day.day)))
            .with("generation", generation);
        keeper.run(&contained.told(statement))?;
    }
    hold(keeper, contained, (product, days), (generation, 0))
}

/// Lets a generation hold. `settled` is what was erased that is in it.
pub(super) fn hold(
    keeper: Housekeeper<'_>,
    contained: &Contained,
    (product, days): (&str, &[DayBatches]),
    (generation, settled): (u64, u64),
) -> Result<(), StoreError> {
    let contains = days.iter().map(|day| format!("('{}', {})", day.day, day.batches));
    let statement = Statement::house("hold", &[])
        .with("product", product)
        .with("generation", generation)
        .with("settled", settled)
        .with("contains", List::of(contains));
    keeper.run(&contained.told(statement))
}
