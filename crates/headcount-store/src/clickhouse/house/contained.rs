//! Which batches generations contain.

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

impl Contained {
    /// Those that have come so far.
    pub(super) fn now(keeper: Housekeeper<'_>) -> Result<Self, StoreError> {
        let ends: Vec<(u32, u64)> = keeper.client.rows(&Statement::house("last_batches", &[]))?;
        let (nodes, lasts) = ends.into_iter().unzip();
        Ok(Self { nodes, lasts })
    }

    /// The last batch of a collector; 0 if there is none.
    pub(super) fn last(&self, node: u32) -> u64 {
        let place = self.nodes.iter().position(|own| *own == node);
        place.and_then(|place| self.lasts.get(place)).copied().unwrap_or(0)
    }

    /// What both contain.
    pub(super) fn both(&self, other: &Self) -> Self {
        let lasts = self.nodes.iter().zip(&self.lasts);
        let lasts = lasts.map(|(node, last)| other.last(*node).min(*last)).collect();
        Self { nodes: self.nodes.clone(), lasts }
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
}
