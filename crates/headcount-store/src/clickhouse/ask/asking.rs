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
            let statement = self.with_new(self.with_scope(statement), &new);
            let with = |statement: Statement, (name, value): &(&'static str, &str)| {
                statement.with(name, *value)
            };
            let rows = self.client.rows(&own.iter().fold(statement, with))?;
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

    fn with_scope(&self, statement: Statement) -> Statement {
        let (scope, only) = match self.versions {
            VersionScope::All => ("all", ""),
            VersionScope::Only(version) => ("only", version.as_str()),
            VersionScope::Each => ("each", ""),
        };
        let (from, to) = self.days;
        let statement = statement.with("product", self.product).with("from", from).with("to", to);
        statement.with("scope", scope).with("only", only)
    }

    fn new_batches(&self) -> Result<NewBatches, StoreError> {
        self.client.rows(&self.with_scope(Statement::question("new_batches", false, &[])))
    }

    fn are_new(&self, batches: &NewBatches) -> Result<bool, StoreError> {
        let now = self.new_batches()?;
        Ok(batches.iter().all(|batch| now.contains(batch)))
    }

    fn with_new(&self, statement: Statement, new: &NewBatches) -> Statement {
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
}
