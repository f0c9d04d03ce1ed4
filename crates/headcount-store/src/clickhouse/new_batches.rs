//! The batches that no generation contains yet, as a statement is told them.

use headcount_catalog::Day;

use super::Statement;
use super::sql_day::SqlDay;
use super::statement::List;

/// The day, the collector, and the last batch of it that a generation of the
/// day contains.
type NewOfDay = (SqlDay, u32, u64);

/// All of some days, in their order.
pub(super) struct NewBatches(Vec<NewOfDay>);

impl NewBatches {
    pub(super) fn new(rows: impl IntoIterator<Item = NewOfDay>) -> Self {
        Self(rows.into_iter().collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets the parameters of `sql/parts/new_events.sql`.
    pub(super) fn told(&self, statement: Statement) -> Statement {
        let oldest = self.0.iter().map(|(.., counted)| *counted).min().unwrap_or(u64::MAX);
        let mut days: Vec<Day> = self.0.iter().map(|(SqlDay(day), ..)| *day).collect();
        days.dedup();
        let key = |(SqlDay(day), node, _): &NewOfDay| {
            (u64::from(day.number().unsigned_abs()) << 32) + u64::from(*node)
        };
        // A list of nothing has no type.
        let (mut keys, mut lasts): (Vec<_>, Vec<_>) =
            self.0.iter().map(|one| (key(one), one.2)).unzip();
        if keys.is_empty() {
            (keys, lasts) = (vec![0], vec![u64::MAX]);
        }
        statement
            .with("new_days", List::of_days(days))
            .with("new_keys", List::of_numbers(keys))
            .with("new_lasts", List::of_numbers(lasts))
            .with("new_above", oldest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_events_are_named_by_day_collector_and_what_is_counted() {
        let day = |number| SqlDay(Day::from_number(number));
        let new = [(day(20_777), 1, 7), (day(20_777), u32::MAX, 0), (day(20_778), 1, 9)];
        let told = NewBatches::new(new).told(Statement::question("events", true, &[]));
        let text = |text: &str| text.to_owned();
        let expected = [
            ("new_days", text("['2026-11-20', '2026-11-21']")),
            ("new_keys", text("[89236535508993, 89240830476287, 89240830476289]")),
            ("new_lasts", text("[7, 0, 9]")),
            ("new_above", text("0")),
        ];
        assert_eq!(told.parameters, expected);
        let told = NewBatches::new([]).told(Statement::question("events", false, &[]));
        assert_eq!(told.parameters, []);
    }
}
