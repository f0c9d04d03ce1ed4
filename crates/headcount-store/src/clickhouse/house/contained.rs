//! Which batches generations contain, and which ones hold.

use headcount_catalog::Day;

use super::super::sql_day::SqlDay;
use super::super::statement::List;
use super::{Housekeeper, Statement};
use crate::StoreError;

/// The batches that a generation contains: of each collector those up to one.
#[derive(Debug, Clone, Default)]
pub(super) struct Contained {
    pub(super) nodes: Vec<u32>,
    pub(super) lasts: Vec<u64>,
}

/// A day and the number of batches of it that are contained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DayBatches {
    pub(super) day: Day,
    pub(super) batches: u64,
}

/// Days that hold from now on.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// The newest of their generations.
    pub(super) generation: u64,
    /// Whether they need their events no more.
    pub(super) is_settled: bool,
    pub(super) days: Vec<HeldDay>,
}

/// A day that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HeldDay {
    pub(super) batches: DayBatches,
    /// Up to which erasure events were gone when it was counted.
    pub(super) erased: u64,
    /// The generations that add up to it before the newest one.
    pub(super) parts: Vec<u64>,
}

impl Contained {
    /// Those that have come so far.
    pub(super) fn now(keeper: Housekeeper<'_>) -> Result<Self, StoreError> {
        let ends: Vec<(u32, u64)> = keeper.client.rows(&Statement::house("last_batches", &[]))?;
        let (nodes, lasts) = ends.into_iter().unzip();
        Ok(Self { nodes, lasts })
    }

    /// Sets the parameters that say so.
    pub(super) fn told(&self, statement: Statement) -> Statement {
        statement
            .with("nodes", List::of_numbers(self.nodes.iter().map(|node| u64::from(*node))))
            .with("lasts", List::of_numbers(self.lasts.iter().copied()))
    }

    /// How many of them some days have.
    pub(super) fn batches_of(
        &self,
        keeper: Housekeeper<'_>,
        (product, days): (&str, &[Day]),
    ) -> Result<Vec<DayBatches>, StoreError> {
        let statement = keeper.statement("day_batches", product);
        let statement = statement.with("days", List::of_days(days.iter().copied()));
        let rows: Vec<(SqlDay, u64)> = keeper.client.rows(&self.told(statement))?;
        let batches = |day: Day| rows.iter().find(|(SqlDay(own), _)| *own == day);
        let of =
            |day: &Day| DayBatches { day: *day, batches: batches(*day).map_or(0, |row| row.1) };
        Ok(days.iter().map(of).collect())
    }

    /// Lets generations hold.
    pub(super) fn hold(
        &self,
        keeper: Housekeeper<'_>,
        product: &str,
        held: &Held,
    ) -> Result<(), StoreError> {
        let generation = held.generation;
        let days = held.days.iter().map(|HeldDay { batches, erased, parts }| {
            let parts = parts.iter().chain([&generation]).map(u64::to_string);
            let parts = parts.collect::<Vec<_>>().join(", ");
            format!("('{}', {}, {erased}, [{parts}])", batches.day, batches.batches)
        });
        let statement = keeper
            .statement("hold", product)
            .with("generation", generation)
            .with("settled", if held.is_settled { generation } else { 0 })
            .with("days_held", List::of(days));
        keeper.run(&self.told(statement))
    }
}
