//! What is counted of some days already.

use headcount_catalog::Day;

use super::super::sql_day::SqlDay;
use super::super::statement::List;
use super::super::{NewBatches, Statement};
use super::Housekeeper;
use super::contained::Contained;
use crate::StoreError;

/// What the generations of a day are: which batches they contain, which they
/// are, and after which erasure and up to which one what was erased counts.
type DayRow = (SqlDay, Vec<u32>, Vec<u64>, Vec<u64>, u64, u64);

/// Some days, of which each is counted or is not.
#[derive(Debug)]
pub(super) struct CountedDays(Vec<DayRow>);

impl CountedDays {
    pub(super) fn read(
        keeper: Housekeeper<'_>,
        (product, days): (&str, &[Day]),
    ) -> Result<Self, StoreError> {
        let ask = keeper.statement("counted_batches", product);
        keeper.client.rows(&ask.with("days", List::of_days(days.iter().copied()))).map(Self)
    }

    fn of(&self, day: Day) -> Option<&DayRow> {
        self.0.iter().find(|(SqlDay(own), ..)| *own == day)
    }

    /// The generations that add up to a day.
    pub(super) fn parts(&self, day: Day) -> &[u64] {
        self.of(day).map_or(&[], |(_, _, _, parts, ..)| parts)
    }

    /// Up to which erasure events were gone when a day was counted.
    pub(super) fn erased(&self, day: Day) -> u64 {
        self.of(day).map_or(0, |(.., erased)| *erased)
    }

    /// Sets the parameters of `sql/parts/counted_cells.sql`, and those of what
    /// was erased. A generation that holds meanwhile is not in them.
    pub(super) fn told(&self, statement: Statement) -> Statement {
        let parts = self.0.iter().flat_map(|(SqlDay(day), _, _, parts, ..)| {
            parts.iter().map(|generation| format!("({}, {generation})", day.number()))
        });
        let bounds = self
            .0
            .iter()
            .map(|(SqlDay(day), .., settled, erased)| format!("('{day}', {settled}, {erased})"));
        statement.with("folded", List::of(parts)).with("bounds", List::of(bounds))
    }

    /// What they do not contain of what has come. It is not asked of `batches`:
    /// the rows of one batch come there one after the other.
    pub(super) fn new_batches(
        &self,
        keeper: Housekeeper<'_>,
        (product, days): (&str, &[Day]),
        contained: &Contained,
    ) -> Result<NewBatches, StoreError> {
        let mut all = NewBatches::default();
        for day in days {
            let (nodes, lasts) = self.of(*day).map_or((&[][..], &[][..]), |row| (&row.1, &row.2));
            let counted = || nodes.iter().copied().zip(lasts.iter().copied());
            let of =
                |node: u32| counted().find(|(own, _)| *own == node).map_or(0, |(_, last)| last);
            let came = contained.nodes.iter().zip(&contained.lasts);
            let new = came.filter(|(node, last)| of(**node) < **last);
            all.add(*day, new.map(|(node, last)| (*node, of(*node), *last)), counted());
        }
        let copies = all.find_copies(keeper.client, product)?;
        Ok(all.with_copies(copies))
    }
}
