//! Which collector keeps house.

use super::{Housekeeper, Statement};
use crate::StoreError;

/// Whether this collector keeps house in the hour that it is at the server.
///
/// # Errors
///
/// Returns an error if the server does not say.
pub(super) fn holds_this_term(keeper: Housekeeper<'_>) -> Result<bool, StoreError> {
    let (term,): (u64,) = keeper.client.row(&Statement::house("this_term", &[]))?;
    holds_lease(keeper, term)
}

/// Whether this collector keeps house in a term. The first one that asks has
/// it; `sql/tables/017_leases.sql` says how, and why two at once do no harm.
///
/// # Errors
///
/// Returns an error if the server does not say.
pub(super) fn holds_lease(keeper: Housekeeper<'_>, term: u64) -> Result<bool, StoreError> {
    let number = term.to_string();
    let take = Statement::house("take_lease", &[("term", &number)]);
    keeper.run(&take.with("node", u64::from(keeper.node)))?;
    let read = Statement::house("read_lease", &[]).with("term", term);
    let (node,): (u32,) = keeper.client.row(&read)?;
    Ok(node == keeper.node)
}
