//! Counts days again of which new batches have come.

use std::collections::BTreeMap;

use headcount_catalog::Day;

use super::super::sql_day::SqlDay;
use super::super::statement::List;
use super::Housekeeper;
use super::begun::open_erasures;
use super::contained::{Contained, DayBatches, Held};
use super::generation::{self, Purpose};
use super::settle::{self, Bounds};
use crate::StoreError;

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
    recount_but(keeper, &erased_from, generation)
}

/// Counts what is new of all products but some.
pub(super) fn recount_but(
    keeper: Housekeeper<'_>,
    left_out: &[String],
    generation: u64,
) -> Result<u64, StoreError> {
    let contained = Contained::now(keeper)?;
    let statement = contained.told(keeper.statement("days_to_count", ""));
    let rows: Vec<(String, SqlDay, u64, u8)> = keeper.client.rows(&statement)?;
    // A week at once needs little memory: it is grouped by day.
    let mut weeks: BTreeMap<(String, Day, bool), Vec<DayBatches>> = BTreeMap::new();
    for (product, SqlDay(day), batches, is_settled) in rows {
        if !left_out.contains(&product) {
            let key = (product, day.week_start(), is_settled > 0);
            weeks.entry(key).or_default().push(DayBatches { day, batches });
        }
    }
    for ((product, _, is_settled), days) in &weeks {
        if *is_settled {
            let days: Vec<Day> = days.iter().map(|day| day.day).collect();
            settle::settle(keeper, (product, &days), Bounds::NONE, generation)?;
        } else {
            count(keeper, &contained, (product, days), generation)?;
        }
    }
    Ok(weeks.values().map(|days| days.len() as u64).sum())
}

/// Counts some days of a week, in their order, from their events.
pub(super) fn count(
    keeper: Housekeeper<'_>,
    contained: &Contained,
    (product, days): (&str, &[DayBatches]),
    generation: u64,
) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(()) };
    for name in ["count_cells", "count_devices"] {
        let statement = keeper
            .statement_within(name, product, (first.day, last.day))
            .with("days", List::of_days(days.iter().map(|day| day.day)))
            .with("generation", generation);
        keeper.run(&contained.told(statement))?;
    }
    contained.hold(keeper, (product, days), Held { generation, settled: 0 })
}
