//! The batches that no generation contains yet, as a statement is told them.

use headcount_catalog::Day;

use super::Statement;
use super::sql_day::SqlDay;
use super::statement::List;

/// The day, the collector, and the last batch of it that a generation of the
/// day contains.
type OfDay = (SqlDay, u32, u64);

/// All of some days, in their order.
#[derive(Debug, Default)]
pub(super) struct NewBatches {
    new: Vec<OfDay>,
    /// What generations of the same days contain. A batch that has come and is
    /// not listed yet is neither: a copy in it counts when it is.
    counted: Vec<OfDay>,
}

impl NewBatches {
    /// Adds a day after all others: the collectors that have new batches, and
    /// all that have counted ones, each with the last batch that is counted.
    pub(super) fn add(
        &mut self,
        day: Day,
        new: impl IntoIterator<Item = (u32, u64)>,
        counted: impl IntoIterator<Item = (u32, u64)>,
    ) {
        let before = self.new.len();
        self.new.extend(new.into_iter().map(|(node, last)| (SqlDay(day), node, last)));
        if self.new.len() > before {
            let counted = counted.into_iter().map(|(node, last)| (SqlDay(day), node, last));
            self.counted.extend(counted);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.new.is_empty()
    }

    /// Sets the parameters of `sql/parts/new_events.sql`.
    pub(super) fn told(&self, statement: Statement) -> Statement {
        let oldest = self.new.iter().map(|(.., counted)| *counted).min().unwrap_or(u64::MAX);
        let mut days: Vec<Day> = self.new.iter().map(|(SqlDay(day), ..)| *day).collect();
        days.dedup();
        let (new_keys, new_lasts) = keys(&self.new, u64::MAX);
        let (old_keys, old_lasts) = keys(&self.counted, 0);
        statement
            .with("new_days", List::of_days(days))
            .with("new_keys", new_keys)
            .with("new_lasts", new_lasts)
            .with("new_above", oldest)
            .with("old_keys", old_keys)
            .with("old_lasts", old_lasts)
    }
}

/// Days and collectors, each as one number, and their batches. A list of
/// nothing has no type: one row stands for it that fits no collector.
fn keys(rows: &[OfDay], of_nothing: u64) -> (List, List) {
    let key = |(SqlDay(day), node, _): &OfDay| {
        (u64::from(day.number().unsigned_abs()) << 32) + u64::from(*node)
    };
    if rows.is_empty() {
        return (List::of_numbers([0]), List::of_numbers([of_nothing]));
    }
    (List::of_numbers(rows.iter().map(key)), List::of_numbers(rows.iter().map(|row| row.2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_events_are_named_by_day_collector_and_what_is_counted() {
        let day = Day::from_number;
        let mut new = NewBatches::default();
        new.add(day(20_777), [(1, 7), (u32::MAX, 0)], [(1, 7), (2, 3)]);
        new.add(day(20_778), [(1, 9)], []);
        new.add(day(20_779), [], [(1, 9)]);
        let told = new.told(Statement::question("events", true, &[]));
        let text = |text: &str| text.to_owned();
        let expected = [
            ("new_days", text("['2026-11-20', '2026-11-21']")),
            ("new_keys", text("[89236535508993, 89240830476287, 89240830476289]")),
            ("new_lasts", text("[7, 0, 9]")),
            ("new_above", text("0")),
            ("old_keys", text("[89236535508993, 89236535508994]")),
            ("old_lasts", text("[7, 3]")),
        ];
        assert_eq!(told.parameters, expected);
        let told = NewBatches::default().told(Statement::question("events", false, &[]));
        assert_eq!(told.parameters, []);
    }
}
