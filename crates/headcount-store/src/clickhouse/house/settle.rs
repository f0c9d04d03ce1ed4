//! Settles days: their counts grow by addition alone from then on, and need
//! their events no more.

use headcount_catalog::Day;

use super::super::sql_day::SqlDay;
use super::super::statement::List;
use super::super::{NewBatches, Statement};
use super::Housekeeper;
use super::contained::{Contained, Held};
use crate::StoreError;

/// What is kept of the days that are settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    /// The first day whose raw events and devices live. A value that is told on
    /// none from here on is settled.
    pub(super) first: Day,
    /// The first day whose counts live.
    pub(super) first_count: Day,
}

impl Bounds {
    /// Nothing expires.
    pub(super) const NONE: Self =
        Self { first: Day::from_number(0), first_count: Day::from_number(0) };

    pub(super) fn told(self, statement: Statement) -> Statement {
        statement.with("first", self.first).with("first_count", self.first_count)
    }
}

/// Days that are settled with one statement: some megabytes of counts.
const AT_ONCE: usize = 16;

/// Settles some days of a product. Devices of days before `bounds.first` are
/// in the generation no more.
pub(super) fn settle(
    keeper: Housekeeper<'_>,
    (product, days): (&str, &[Day]),
    bounds: Bounds,
    generation: u64,
) -> Result<(), StoreError> {
    for days in days.chunks(AT_ONCE) {
        settle_some(keeper, (product, days), bounds, generation)?;
    }
    Ok(())
}

fn settle_some(
    keeper: Housekeeper<'_>,
    (product, days): (&str, &[Day]),
    bounds: Bounds,
    generation: u64,
) -> Result<(), StoreError> {
    let contained = Contained::now(keeper)?;
    let batches = contained.batches_of(keeper, (product, days))?;
    let new = new_of(keeper, (product, days), &contained)?;
    let living = |day: &&Day| **day >= bounds.first;
    for (name, days) in [
        ("settle_cells", days.to_vec()),
        ("settle_devices", days.iter().filter(living).copied().collect()),
    ] {
        if !days.is_empty() {
            let statement = keeper
                .statement(name, product)
                .with("days", List::of_days(days.iter().copied()))
                .with("generation", generation);
            keeper.run(&contained.told(new.told(bounds.told(statement))))?;
        }
    }
    let held = Held { generation, settled: generation };
    contained.hold(keeper, (product, &batches), held)
}

/// What the generations of some days do not contain yet. It is not asked of
/// `batches`: the rows of one batch come there one after the other.
fn new_of(
    keeper: Housekeeper<'_>,
    (product, days): (&str, &[Day]),
    contained: &Contained,
) -> Result<NewBatches, StoreError> {
    let ask = keeper.statement("counted_batches", product);
    let ask = ask.with("days", List::of_days(days.iter().copied()));
    let rows: Vec<(SqlDay, Vec<u32>, Vec<u64>)> = keeper.client.rows(&ask)?;
    let counted = |day: Day, node: u32| {
        let (_, nodes, lasts) = rows.iter().find(|(SqlDay(own), ..)| *own == day)?;
        let place = nodes.iter().position(|own| *own == node)?;
        lasts.get(place).copied()
    };
    let mut new = Vec::new();
    for day in days {
        for (node, last) in contained.nodes.iter().zip(&contained.lasts) {
            let counted = counted(*day, *node).unwrap_or(0);
            if counted < *last {
                new.push((SqlDay(*day), *node, counted));
            }
        }
    }
    Ok(NewBatches::new(new))
}
