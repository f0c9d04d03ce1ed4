//! What is counted of some days already, and what has come since.

use headcount_catalog::Day;

use super::super::new_batches::NodeBatch;
use super::super::sql_day::SqlDay;
use super::super::statement::List;
use super::super::{NewBatches, Statement};
use super::Housekeeper;
use super::contained::{Contained, DayBatches};
use crate::StoreError;

/// As the server says it: the day, the collectors of which batches have come,
/// their last batches that are counted, the generations, the erasures whose
/// kept counts belong to the day, and the rank of the row that holds.
type DayRow = (SqlDay, Vec<u32>, Vec<NodeBatch>, Vec<u64>, u64, u64, u64);

/// Some days of a product, of which each is counted or is not.
#[derive(Debug)]
pub(super) struct CountedDays<'a> {
    pub(super) keeper: Housekeeper<'a>,
    pub(super) product: &'a str,
    pub(super) days: Vec<CountedDay>,
    /// What has come until now: nothing that is counted is missing in it.
    pub(super) contained: Contained,
}

/// One of them.
#[derive(Debug)]
pub(super) struct CountedDay {
    pub(super) day: Day,
    /// How many batches of it have come.
    pub(super) batches: u64,
    /// The collectors of which these are.
    pub(super) nodes: Vec<u32>,
    /// Their last batches that are counted.
    pub(super) counted: Vec<NodeBatch>,
    /// The generations that add up to it.
    pub(super) parts: Vec<u64>,
    /// The kept counts of erasures above this belong to the day. It is 0 if the
    /// day is not settled.
    pub(super) settled: u64,
    /// The same of erasures up to this.
    pub(super) erased: u64,
    /// What its next row has to replace.
    pub(super) rank: u64,
}

impl<'a> CountedDays<'a> {
    pub(super) fn read(
        keeper: Housekeeper<'a>,
        (product, days): (&'a str, &[Day]),
    ) -> Result<Self, StoreError> {
        let ask = keeper.statement("counted_days", product);
        let ask = ask.with("days", List::of_days(days.iter().copied()));
        let rows: Vec<DayRow> = keeper.client.rows(&ask)?;
        // Later, so that what somebody else has just counted is in it.
        let contained = Contained::now(keeper)?;
        let batches = contained.batches_of(keeper, (product, days))?;
        let day = |of_day: DayBatches| {
            let DayBatches { day, batches } = of_day;
            let row = rows.iter().find(|(SqlDay(own), ..)| *own == day).cloned();
            let nothing = || (SqlDay(day), Vec::new(), Vec::new(), Vec::new(), 0, 0, 0);
            let (_, nodes, counted, parts, settled, erased, rank) = row.unwrap_or_else(nothing);
            CountedDay { day, batches, nodes, counted, parts, settled, erased, rank }
        };
        Ok(Self { keeper, product, days: batches.into_iter().map(day).collect(), contained })
    }

    /// The days, as a parameter.
    pub(super) fn list(&self) -> List {
        List::of_days(self.days.iter().map(|day| day.day))
    }

    /// Sets the parameters of `sql/parts/counted_cells.sql`, and those of what
    /// was erased. A generation that holds meanwhile is not in them.
    pub(super) fn told(&self, statement: Statement) -> Statement {
        let parts = self
            .days
            .iter()
            .flat_map(|day| day.parts.iter().map(|generation| (day.day, *generation)));
        let bounds = self.days.iter().map(|day| (day.day, day.settled, day.erased));
        statement.with("folded", List::of_parts(parts)).with("bounds", List::of_bounds(bounds))
    }

    /// What is not counted of what has come.
    pub(super) fn new_batches(&self) -> Result<NewBatches, StoreError> {
        let mut all = NewBatches::default();
        for day in &self.days {
            let of_node = |node: &u32| (*node, day.last_counted(*node), self.contained.last(*node));
            let new = day.nodes.iter().map(of_node).filter(|(_, counted, last)| counted < last);
            all.add(day.day, new, day.counted.iter().copied());
        }
        let copies = all.find_copies(self.keeper.client, self.product)?;
        Ok(all.with_copies(copies))
    }

    /// What is counted on each of the days, and so may be taken away.
    pub(super) fn counted_on_all(&self) -> Contained {
        let mut nodes: Vec<u32> = self.days.iter().flat_map(|day| &day.nodes).copied().collect();
        nodes.sort_unstable();
        nodes.dedup();
        let last = |node: &u32| {
            let with = self.days.iter().filter(|day| day.nodes.contains(node));
            with.map(|day| day.last_counted(*node)).min().unwrap_or(0)
        };
        let lasts = nodes.iter().map(last).collect();
        Contained { nodes, lasts }
    }
}

impl CountedDay {
    /// The last counted batch of a collector; 0 if there is none.
    pub(super) fn last_counted(&self, node: u32) -> u64 {
        let found = self.counted.iter().find(|(own, _)| *own == node);
        found.map_or(0, |(_, last)| *last)
    }
}
