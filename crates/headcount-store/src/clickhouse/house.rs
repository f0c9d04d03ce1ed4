//! Keeps the books on ClickHouse: counts days again, gives values their rows,
//! lets days expire, and erases persons.
//!
//! ```text
//! batches --recount--> cells, device_days --counted: it holds--> questions
//!                        ^         |
//!               erased_cells    settled: events gone, sums stay
//! ```
//!
//! Nothing that is read is ever changed: what is new is written under a new
//! generation, and one row in `counted` makes that one hold, beside the others
//! of its day or in their place. So whoever is ended half-way leaves rows that
//! nobody reads, and everything may be run twice, by two collectors at once,
//! too: of two rows that would replace the same one, one does.

mod housekeeper;
mod generation;
mod lease;
mod contained;
mod counted_days;
mod hold;
mod begun;
mod recount;
mod settle;
mod vocabulary;
mod expiry;
mod erasure;
mod cleaning;
#[cfg(test)]
mod tests;

use super::Statement;
use crate::{HousePolicy, HouseReport, StoreError};
use recount::recount;

pub(super) use erasure::erase;
pub(super) use housekeeper::Housekeeper;
pub(super) use vocabulary::tell_vocabulary;

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
    if !lease::holds_this(lease::Term::Hour, keeper)? {
        return Ok(report);
    }
    // First: what does not hold since the last lines of this may still be read.
    cleaning::clean(keeper)?;
    erasure::finish_all(keeper)?;
    recount(keeper)?;
    tell_vocabulary(keeper)?;
    for retention in &policy.retention {
        expiry::expire(keeper, policy.today, retention, &mut report)?;
    }
    // Today and the day before are open.
    recount::close_days(keeper, policy.today.plus(-2))?;
    report.merged = cleaning::merge_weeks(keeper, policy.today)?;
    Ok(report)
}

/// Counts what is new, if no other collector does in this minute. Returns how
/// many days of products that were.
///
/// # Errors
///
/// Returns an error if the server refuses. What was counted before holds.
pub(super) fn recount_in_turn(keeper: Housekeeper<'_>) -> Result<u64, StoreError> {
    match lease::holds_this(lease::Term::Minute, keeper)? {
        true => recount(keeper),
        false => Ok(0),
    }
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
