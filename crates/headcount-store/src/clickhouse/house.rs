//! Keeps the books on ClickHouse: counts days again, gives values their rows,
//! lets days expire, and erases persons.
//!
//! ```text
//! batches --recount--> cells, device_days --counted: it holds--> questions
//!                        ^         |
//!               erased_cells    settled: events gone, sums stay
//! ```
//!
//! Nothing that is read is ever changed: a day is written again under a new
//! generation, and one row in `counted` makes that one hold. So whoever is
//! ended half-way leaves rows that nobody reads, and everything may be run
//! twice, by two collectors at once, too.

mod generation;
mod lease;
mod contained;
mod recount;
mod settle;
mod vocabulary;
mod expiry;
mod erasure;
mod cleaning;
#[cfg(test)]
mod tests;

use headcount_catalog::Day;

use super::{Client, Statement};
use crate::{HousePolicy, HouseReport, StoreError};

pub(super) use erasure::erase;
pub(super) use recount::recount;
pub(super) use vocabulary::tell_vocabulary;

/// A collector that keeps the books.
#[derive(Debug, Clone, Copy)]
pub(super) struct Housekeeper<'c> {
    pub(super) client: &'c Client,
    /// The collector's number.
    pub(super) node: u32,
}

impl Housekeeper<'_> {
    /// A statement that keeps the books, about all days of a product.
    fn statement(&self, name: &str, product: &str) -> Statement {
        self.statement_within(name, product, (Day::from_number(0), Day::from_number(i32::MAX)))
    }

    /// The same, about some days, of which it may name fewer still.
    fn statement_within(&self, name: &str, product: &str, (from, to): (Day, Day)) -> Statement {
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
        Statement::house(name, &[&own[..], &tables].concat())
            .with("product", product)
            .with("from", from)
            .with("to", to)
    }

    fn run(&self, statement: &Statement) -> Result<(), StoreError> {
        self.client.run(statement)
    }

    /// The products of which something has come.
    fn products(&self) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = self.client.rows(&Statement::house("products", &[]))?;
        Ok(rows.into_iter().map(|(product,)| product).collect())
    }
}

/// Keeps house, if no other collector does in this hour.
///
/// # Errors
///
/// Returns an error if the server refuses. What was done before is done.
pub(super) fn keep_house(
    keeper: Housekeeper<'_>,
    policy: &HousePolicy,
) -> Result<HouseReport, StoreError> {
    let mut report = HouseReport::default();
    if !lease::holds_this_term(keeper)? {
        return Ok(report);
    }
    erasure::finish_all(keeper)?;
    recount(keeper)?;
    tell_vocabulary(keeper)?;
    for retention in &policy.retention {
        expiry::expire(keeper, policy.today, retention, &mut report)?;
    }
    report.merged = cleaning::merge_weeks(keeper, policy.today)?;
    cleaning::clean(keeper)?;
    Ok(report)
}

/// Counts what is new, and gives values their rows if something was.
///
/// # Errors
///
/// Returns an error if the server refuses. What was done before is done.
pub(super) fn keep_counts(keeper: Housekeeper<'_>) -> Result<(), StoreError> {
    match recount(keeper)? {
        0 => Ok(()),
        _ => tell_vocabulary(keeper),
    }
}
