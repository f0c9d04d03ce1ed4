//! Settles days: their counts grow by addition alone from then on, and need
//! their events no more.

use headcount_catalog::Day;

use super::super::Statement;
use super::super::statement::List;
use super::Housekeeper;
use super::counted_days::{CountedDay, CountedDays};
use super::hold::{HeldDay, Holding, Numbers};
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
    numbers: Numbers,
) -> Result<(), StoreError> {
    for days in days.chunks(AT_ONCE) {
        let counted = CountedDays::read(keeper, (product, days))?;
        settle_some(&counted, bounds, numbers)?;
    }
    Ok(())
}

fn settle_some(
    counted: &CountedDays<'_>,
    bounds: Bounds,
    Numbers { generation, by, .. }: Numbers,
) -> Result<(), StoreError> {
    let new = counted.new_batches()?;
    let all: Vec<Day> = counted.days.iter().map(|day| day.day).collect();
    let living = all.iter().filter(|day| **day >= bounds.first).copied().collect();
    for (name, days) in [("settle_cells", all), ("fold_devices", living)] {
        if !days.is_empty() {
            let statement = counted
                .keeper
                .statement_adding(name, counted.product, &new)
                .with("days", List::of_days(days))
                .with("generation", generation);
            counted.keeper.run(&counted.told(bounds.told(statement)))?;
        }
    }
    // What was erased until now is in the counts themselves.
    let held = |_: &CountedDay| HeldDay { erased: generation, parts: Vec::new() };
    counted.hold(Holding { generation, is_settled: true, by }, held).map(drop)
}
