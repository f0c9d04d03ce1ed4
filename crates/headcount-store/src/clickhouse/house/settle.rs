//! Settles days: their counts grow by addition alone from then on, and need
//! their events no more.

use headcount_catalog::Day;

use super::super::Statement;
use super::super::statement::List;
use super::Housekeeper;
use super::contained::{Contained, Held, HeldDay};
use super::counted_days::CountedDays;
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
    let counted = CountedDays::read(keeper, (product, days))?;
    let new = counted.new_batches(keeper, (product, days), &contained)?;
    let living = |day: &&Day| **day >= bounds.first;
    for (name, days) in [
        ("settle_cells", days.to_vec()),
        ("fold_devices", days.iter().filter(living).copied().collect()),
    ] {
        if !days.is_empty() {
            let statement = keeper
                .statement_adding(name, product, &new)
                .with("days", List::of_days(days.iter().copied()))
                .with("generation", generation);
            let statement = counted.told(bounds.told(statement));
            keeper.run(&statement)?;
        }
    }
    // What was erased until now is in the counts themselves.
    let day = |batches| HeldDay { batches, erased: generation, parts: Vec::new() };
    let days = batches.into_iter().map(day).collect();
    contained.hold(keeper, product, &Held { generation, is_settled: true, days })
}
