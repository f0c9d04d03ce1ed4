//! What answers about a product are made of at one moment: one look for all
//! questions of a page.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use headcount_catalog::Day;

use super::super::locked::locked;
use super::super::new_batches::{Copies, NodeBatch};
use super::super::sql_day::SqlDay;
use super::super::statement::List;
use super::super::{Client, NewBatches, Statement};
use crate::{StoreError, limits};

/// A collector, the last batch of it that is counted, and the last one that has
/// come.
type NewOfNode = (u32, u64, u64);

/// A day, the generations that hold, the erasures whose kept counts belong to
/// it (above one, up to another), the collectors with new batches, and, if
/// there are any, the last counted batches of all collectors.
type DayRow = (SqlDay, Vec<u64>, u64, u64, Vec<NewOfNode>, Vec<NodeBatch>);

/// The days of a product, in their order.
#[derive(Debug)]
pub(super) struct Snapshot {
    days: Vec<DayRow>,
    /// The new events that are counted already.
    copies: Copies,
}

impl Snapshot {
    fn ask(client: &Client, product: &str) -> Result<Self, StoreError> {
        let ask = Statement::question("snapshot", &[]).with("product", product);
        let snapshot = Self { days: client.rows(&ask)?, copies: Copies::default() };
        let ever = (Day::from_number(i32::MIN), Day::from_number(i32::MAX));
        let copies = snapshot.new_batches(ever).find_copies(client, product)?;
        Ok(Self { copies, ..snapshot })
    }

    fn within(&self, (from, to): (Day, Day)) -> impl Iterator<Item = &DayRow> {
        self.days.iter().filter(move |(SqlDay(day), ..)| (from..=to).contains(day))
    }

    /// The generations of some days, as `sql/parts/held_told.sql` is told them.
    pub(super) fn held(&self, days: (Day, Day)) -> List {
        List::of_parts(self.within(days).flat_map(|(SqlDay(day), parts, ..)| {
            parts.iter().map(|generation| (*day, *generation))
        }))
    }

    /// What was erased of some days, as `sql/parts/bounds_told.sql` is told it.
    pub(super) fn bounds(&self, days: (Day, Day)) -> List {
        let counted = self.within(days).filter(|(_, parts, ..)| !parts.is_empty());
        List::of_bounds(
            counted.map(|(SqlDay(day), _, settled, erased, ..)| (*day, *settled, *erased)),
        )
    }

    /// What none of these generations contains.
    pub(super) fn new_batches(&self, days: (Day, Day)) -> NewBatches {
        let mut all = NewBatches::default();
        for (SqlDay(day), .., new, counted) in self.within(days) {
            all.add(*day, new.iter().copied(), counted.iter().copied());
        }
        all.with_copies(self.copies.clone())
    }
}

/// The newest snapshots of products.
#[derive(Debug, Default)]
pub(in super::super) struct Snapshots(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// How often everything was forgotten. Who asked before that does not put
    /// back what it was told.
    forgotten: u64,
    by_product: HashMap<String, (Instant, Arc<Snapshot>)>,
}

impl Snapshots {
    /// The next question has what has been shipped and counted until now.
    pub(in super::super) fn forget(&self) {
        let mut kept = locked(&self.0);
        kept.forgotten += 1;
        kept.by_product.clear();
    }

    /// A snapshot that is hardly older than the call.
    pub(super) fn of(&self, client: &Client, product: &str) -> Result<Arc<Snapshot>, StoreError> {
        let is_fresh = |(taken, _): &(Instant, _)| taken.elapsed() < limits::clickhouse::SNAPSHOT;
        let forgotten = {
            let kept = locked(&self.0);
            match kept.by_product.get(product).filter(|one| is_fresh(one)) {
                Some((_, snapshot)) => return Ok(Arc::clone(snapshot)),
                None => kept.forgotten,
            }
        };
        let asked = Instant::now();
        let snapshot = Arc::new(Snapshot::ask(client, product)?);
        let mut kept = locked(&self.0);
        if kept.forgotten == forgotten {
            kept.by_product.retain(|_, one| is_fresh(one));
            kept.by_product.insert(product.to_owned(), (asked, Arc::clone(&snapshot)));
        }
        Ok(snapshot)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::statement::Parameter as _;
    use super::*;

    #[test]
    fn a_question_is_told_its_own_days_and_a_day_without_counts_has_only_new_batches() {
        let day = Day::from_number;
        let row = |number, parts: &[u64], new| {
            (SqlDay(day(number)), parts.to_vec(), 0, 5, new, vec![(1, 1)])
        };
        let days = vec![
            row(20_776, &[9], vec![(1, 1, 2)]),
            row(20_777, &[9, 12], vec![]),
            row(20_778, &[], vec![(1, 0, 2), (2, 0, 7)]),
        ];
        let snapshot = Snapshot { days, copies: Copies::default() };
        let days = (day(20_777), day(20_900));
        assert_eq!(snapshot.held(days).text(), "[(20777, 9), (20777, 12)]");
        assert_eq!(snapshot.bounds(days).text(), "[('2026-11-20', 0, 5)]");
        let new = snapshot.new_batches(days);
        let new = new.told(new.question("events"));
        assert_eq!(new.parameters[0], ("new_days", "['2026-11-21']".to_owned()));
        assert_eq!(new.parameters[2], ("new_lasts", "[0, 0]".to_owned()));
        assert!(snapshot.new_batches((day(20_777), day(20_777))).is_empty());
    }
}
