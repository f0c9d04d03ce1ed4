//! Keeps the books on ClickHouse: counts days again, gives values their rows,
//! lets days expire, and erases persons.
//!
//! ```text
//! batches --recount--> cells, device_days --counted: this generation holds--> questions
//!                          ^                       |
//!                   erased_cells                 settled: events gone, sums stay
//! ```
//!
//! Nothing that is read is ever changed: a day is written again under a new
//! generation, and one row in `counted` makes that one hold. So whoever is
//! ended half-way leaves rows that nobody reads, and everything may be run
//! twice, by two collectors at once, too.

mod generation;
mod lease;
mod recount;
mod vocabulary;
#[cfg(test)]
mod tests;

use super::{Client, Statement};
use crate::{Erasure, HousePolicy, HouseReport, StoreError};

/// A collector that keeps the books.
#[derive(Debug, Clone, Copy)]
pub(super) struct Housekeeper<'c> {
    pub(super) client: &'c Client,
    /// The collector's number.
    pub(super) node: u32,
}

impl Housekeeper<'_> {
    fn run(&self, statement: &Statement) -> Result<(), StoreError> {
        self.client.run(statement)
    }

    /// The products of which something has come.
    fn products(&self) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = self.client.rows(&Statement::house("products", &[]))?;
        Ok(rows.into_iter().map(|(product,)| product).collect())
    }
}

/// Erases a person.
pub(super) fn erase(
    _keeper: Housekeeper<'_>,
    _product: &str,
    _person: Erasure,
) -> Result<u64, StoreError> {
    Err(StoreError::new("not written"))
}

/// Keeps house, if no other collector does in this hour: counts what is new,
/// and gives values their rows.
///
/// # Errors
///
/// Returns an error if the server refuses. What was done before is done.
pub(super) fn keep_house(
    keeper: Housekeeper<'_>,
    _policy: &HousePolicy,
) -> Result<HouseReport, StoreError> {
    if lease::holds_this_term(keeper)? {
        recount::recount(keeper)?;
        vocabulary::tell_vocabulary(keeper)?;
    }
    Ok(HouseReport::default())
}

/// Counts what is new, and gives values their rows if something was.
///
/// # Errors
///
/// Returns an error if the server refuses. What was done before is done.
pub(super) fn keep_counts(keeper: Housekeeper<'_>) -> Result<(), StoreError> {
    match recount::recount(keeper)? {
        0 => Ok(()),
        _ => vocabulary::tell_vocabulary(keeper),
    }
}
