//! Who keeps the books, and the statements by which they are kept.

use headcount_catalog::Day;

use super::super::statement::Word;
use super::super::{Client, NewBatches, Statement};
use crate::StoreError;

/// A collector that keeps the books.
#[derive(Debug, Clone, Copy)]
pub(in crate::clickhouse) struct Housekeeper<'c> {
    pub(in crate::clickhouse) client: &'c Client,
    /// The collector's number.
    pub(in crate::clickhouse) node: u32,
}

impl Housekeeper<'_> {
    /// A statement that keeps the books, about all days of a product.
    pub(super) fn statement(&self, name: &str, product: &str) -> Statement {
        self.statement_within(name, product, (Day::from_number(0), Day::from_number(i32::MAX)))
    }

    /// The same, about some days, of which it may name fewer still.
    pub(super) fn statement_within(
        &self,
        name: &str,
        product: &str,
        (from, to): (Day, Day),
    ) -> Statement {
        let statement = self.house(name, &[]).with("product", product);
        statement.with("from", from).with("to", to)
    }

    /// A statement that adds new events to what is counted.
    pub(super) fn statement_adding(
        &self,
        name: &str,
        product: &str,
        new: &NewBatches,
    ) -> Statement {
        let statement = self.house(name, &[("copies", new.copies_part())]);
        let (from, to) = (Day::from_number(0), Day::from_number(i32::MAX));
        new.told(statement.with("product", product).with("from", from).with("to", to))
    }

    fn house(&self, name: &str, words: &[Word<'_>]) -> Statement {
        let on_cluster = self.client.address().cluster.as_deref();
        let on_cluster = on_cluster.map(|name| format!("ON CLUSTER '{name}'"));
        // A mutation is sent to the tables that have the rows.
        let tables = match on_cluster {
            Some(_) => [
                ("events", "events_local"),
                ("device_days", "device_days_local"),
                ("older_devices", "older_devices_local"),
            ],
            None => [
                ("events", "events"),
                ("device_days", "device_days"),
                ("older_devices", "older_devices"),
            ],
        };
        let own = [("on_cluster", on_cluster.as_deref().unwrap_or_default())];
        Statement::house(name, &[words, &own, &tables].concat())
    }

    pub(super) fn run(&self, statement: &Statement) -> Result<(), StoreError> {
        self.client.run(statement)
    }

    /// The products of which something has come.
    pub(super) fn products(&self) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = self.client.rows(&Statement::question("product_names", &[]))?;
        Ok(rows.into_iter().map(|(product,)| product).collect())
    }
}
