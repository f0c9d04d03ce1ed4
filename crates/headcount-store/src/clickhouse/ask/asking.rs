//! Asks for what is counted: the counts that hold, and the events that none of
//! them contains yet.

use headcount_catalog::Day;
use serde_core::de::DeserializeOwned;

use super::super::{Client, NewBatches, Statement};
use crate::{StoreError, VersionScope};

/// How often a question is asked if a day is counted meanwhile. Days are
/// counted once a minute, a week of a product at a time: while thirty products
/// are, each answer may meet another one.
const TRIES: usize = 30;

/// What a question is about.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) client: &'a Client,
    pub(super) product: &'a str,
    pub(super) days: (Day, Day),
    pub(super) versions: &'a VersionScope,
}

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
            let statement = new.told(self.with_own(statement, own));
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
        let ask = self.with_own(Statement::question("new_batches", false, &[]), &[]);
        Ok(NewBatches::new(self.client.rows(&ask)?))
    }

    fn are_new(&self, batches: &NewBatches) -> Result<bool, StoreError> {
        Ok(self.new_batches()?.has_all(batches))
    }
}
