//! Asks for what is counted: the counts that hold, and the events that none of
//! them contains yet.

use headcount_catalog::Day;
use serde_core::de::DeserializeOwned;

use super::super::{Client, Statement};
use super::snapshot::Snapshots;
use crate::{StoreError, VersionScope};

/// What a question is about.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) client: &'a Client,
    pub(super) snapshots: &'a Snapshots,
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
        let snapshot = self.snapshots.of(self.client, self.product)?;
        let new = snapshot.new_batches(self.days);
        let statement = self
            .with_own(new.question(name), own)
            .with("held", snapshot.held(self.days))
            .with("bounds", snapshot.bounds(self.days));
        self.client.rows(&new.told(statement))
    }

    /// The only row of a question that is not about counts.
    pub(super) fn plain_row<T: DeserializeOwned>(
        &self,
        name: &str,
        own: &[(&'static str, &str)],
    ) -> Result<T, StoreError> {
        self.client.row(&self.with_own(Statement::question(name, &[]), own))
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
}
