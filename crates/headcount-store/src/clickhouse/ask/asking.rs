//! Asks for what is counted: the counts that hold, and the events that none of
//! them contains yet.

use headcount_catalog::Day;
use serde_core::de::DeserializeOwned;

use super::super::statement::List;
use super::super::{Client, Statement};
use super::sql_day::SqlDay;
use crate::{StoreError, VersionScope};

/// How often a question is asked if a day is counted meanwhile. Days are
/// counted once a minute, and an answer takes less.
const TRIES: usize = 3;

/// What a question is about.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) client: &'a Client,
    pub(super) product: &'a str,
    pub(super) days: (Day, Day),
    pub(super) versions: &'a VersionScope,
}

/// The batches that no generation of a day contains: the day, the collector,
/// and the last batch of it that one contains.
type NewBatches = Vec<(SqlDay, u32, u64)>;

impl Asking<'_> {
    /// Whether rows have a version.
    pub(super) fn is_each(&self) -> bool {
        *self.versions == VersionScope::Each
    }

    /// The rows of a question, with parameters of its own.
    pub(super) fn rows<T: DeserializeOwned>(
        &self,
        name: &str,
        own: &[(&'static str, &str)],
    ) -> Result<Vec<T>, StoreError> {
        for _ in 0..TRIES {
            let new = self.new_batches()?;
            let statement = Statement::question(name, !new.is_empty(), &[]);
            let statement = with_new(self.with_own(statement, own), &new);
            let rows = self.client.rows(&statement)?;
            // A generation that holds since then may have counted them, too.
            if new.is_empty() || self.are_new(&new)? {
                return Ok(rows);
            }
        }
        Err(StoreError::new(format!(
            "days were counted at ClickHouse ({}) while the question was asked; ask it again",
            self.client.address()
        )))
    }

    /// The only row of a question that is not about counts.
    pub(super) fn plain_row<T: DeserializeOwned>(
        &self,
        name: &str,
        own: &[(&'static str, &str)],
    ) -> Result<T, StoreError> {
        self.client.row(&self.with_own(Statement::question(name, false, &[]), own))
    }

    fn with_own(&self, statement: Statement, own: &[(&'static str, &str)]) -> Statement {
        let (scope, only) = match self.versions {
            VersionScope::All => ("all", ""),
            VersionScope::Only(version) => ("only", version.as_str()),
            VersionScope::Each => ("each", ""),
        };
        let (from, to) = self.days;
        let statement = statement.with("product", self.product).with("from", from).with("to", to);
        let statement = statement.with("scope", scope).with("only", only);
        own.iter().fold(statement, |statement, (name, value)| statement.with(name, *value))
    }

    fn new_batches(&self) -> Result<NewBatches, StoreError> {
        self.client.rows(&self.with_own(Statement::question("new_batches", false, &[]), &[]))
    }

    fn are_new(&self, batches: &NewBatches) -> Result<bool, StoreError> {
        let now = self.new_batches()?;
        Ok(batches.iter().all(|batch| now.contains(batch)))
    }
}

/// Says which events a question has to add.
fn with_new(statement: Statement, new: &NewBatches) -> Statement {
    let Some(oldest) = new.iter().map(|(.., counted)| *counted).min() else { return statement };
    let mut days: Vec<Day> = new.iter().map(|(SqlDay(day), ..)| *day).collect();
    days.dedup();
    let key = |(SqlDay(day), node, _): &(SqlDay, u32, u64)| {
        (u64::from(day.number().unsigned_abs()) << 32) + u64::from(*node)
    };
    statement
        .with("new_days", List::of_days(days))
        .with("new_keys", List::of_numbers(new.iter().map(key)))
        .with("new_lasts", List::of_numbers(new.iter().map(|(.., counted)| *counted)))
        .with("new_below", u64::MAX - oldest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_events_are_named_by_day_collector_and_what_is_counted() {
        let day = |number| SqlDay(Day::from_number(number));
        let new = vec![(day(20_777), 1, 7), (day(20_777), u32::MAX, 0), (day(20_778), 1, 9)];
        let told = with_new(Statement::question("events", true, &[]), &new);
        let text = |text: &str| text.to_owned();
        let expected = [
            ("new_days", text("['2026-11-20', '2026-11-21']")),
            ("new_keys", text("[89236535508993, 89240830476287, 89240830476289]")),
            ("new_lasts", text("[7, 0, 9]")),
            ("new_below", text("18446744073709551615")),
        ];
        assert_eq!(told.parameters, expected);
        let told = with_new(Statement::question("events", false, &[]), &Vec::new());
        assert_eq!(told.parameters, []);
    }
}
