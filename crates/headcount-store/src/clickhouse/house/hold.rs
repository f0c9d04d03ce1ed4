//! Lets days hold that were counted: one row of `counted` for each, which
//! replaces the one that was read before, or none.
//!
//! The row is inserted under a token that names what it replaces. Of two
//! collectors that counted the same day at once, the second one's row is a
//! duplicate to the server, and it has counted for nothing. So whatever is
//! slow, dies, or comes late, a day's row says what its generations contain.

use headcount_catalog::Day;

use super::super::row_binary::{date, put_list};
use super::super::sql_day::SqlDay;
use super::begun::open_erasures;
use super::counted_days::{CountedDay, CountedDays};
use crate::StoreError;
use crate::block::put_text;

/// Rows of days that are settled win over all others.
const SETTLED: u64 = 1 << 63;

/// What days hold as.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holding {
    /// The newest of their generations.
    pub(super) generation: u64,
    /// Whether they need their events no more.
    pub(super) is_settled: bool,
    pub(super) by: By,
}

/// What days are counted as.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers {
    pub(super) generation: u64,
    /// Up to which erasure events are gone, of days that are counted whole.
    pub(super) erased: u64,
    pub(super) by: By,
}

/// Who lets days hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Somebody who counts, or lets days expire. While a person is erased from
    /// the product, nothing of theirs holds: it may be made of half of the
    /// person's events.
    Housekeeper,
    /// The one who erases.
    Eraser,
}

impl Holding {
    fn rank(self) -> u64 {
        match self.is_settled {
            true => self.generation | SETTLED,
            false => self.generation,
        }
    }
}

/// What a row says of a day beside what it contains.
#[derive(Debug, Clone)]
pub(super) struct HeldDay {
    /// Up to which erasure what was kept aside counts.
    pub(super) erased: u64,
    /// The generations that add up to it before the newest one.
    pub(super) parts: Vec<u64>,
}

impl CountedDays<'_> {
    /// Lets the days hold. Returns those that do.
    pub(super) fn hold(
        &self,
        holding: Holding,
        held: impl Fn(&CountedDay) -> HeldDay,
    ) -> Result<Vec<Day>, StoreError> {
        if holding.by == By::Housekeeper {
            let begun = open_erasures(self.keeper)?;
            if begun.iter().any(|begun| begun.product == self.product) {
                return Ok(Vec::new());
            }
        }
        // A row that is not above the one it replaces would be in nobody's way
        // but that of its token.
        for day in self.days.iter().filter(|day| holding.rank() > day.rank) {
            let token = format!("{}/{}/{}", self.product, day.day, day.rank);
            let row = self.row(day, holding, &held(day));
            self.keeper.client.keep("counted FORMAT RowBinary", &token, &row)?;
        }
        self.that_hold(holding.generation)
    }

    fn row(&self, day: &CountedDay, holding: Holding, held: &HeldDay) -> Vec<u8> {
        let generation = holding.generation;
        let last = |node: &u32| self.contained.last(*node).max(day.last_counted(*node));
        let lasts: Vec<u64> = day.nodes.iter().map(last).collect();
        let parts = [&held.parts[..], &[generation]].concat();
        let mut row = Vec::new();
        put_text(&mut row, self.product);
        row.extend_from_slice(&date(day.day).to_le_bytes());
        row.extend_from_slice(&generation.to_le_bytes());
        put_list(&mut row, &day.nodes, |out, node| out.extend_from_slice(&node.to_le_bytes()));
        let put = |out: &mut Vec<u8>, number: &u64| out.extend_from_slice(&number.to_le_bytes());
        put_list(&mut row, &lasts, put);
        row.extend_from_slice(&day.batches.to_le_bytes());
        put_list(&mut row, &parts, put);
        put_list(&mut row, &day.parts, put);
        let settled = if holding.is_settled { generation } else { 0 };
        [held.erased, settled, holding.rank()].iter().for_each(|number| put(&mut row, number));
        row
    }

    fn that_hold(&self, generation: u64) -> Result<Vec<Day>, StoreError> {
        let ask = self.keeper.statement("that_hold", self.product);
        let ask = ask.with("days", self.list()).with("generation", generation);
        let rows: Vec<(SqlDay,)> = self.keeper.client.rows(&ask)?;
        Ok(rows.into_iter().map(|(SqlDay(day),)| day).collect())
    }
}
