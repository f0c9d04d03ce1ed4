//! Which collector keeps house, and which one counts.

use super::{Housekeeper, Statement};
use crate::StoreError;

/// What a term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    /// Somebody keeps house.
    Hour,
    /// Somebody counts.
    Minute,
}

/// Whether this collector has the term that it is at the server.
///
/// # Errors
///
/// Returns an error if the server does not say.
pub(super) fn holds_this(term: Term, keeper: Housekeeper<'_>) -> Result<bool, StoreError> {
    let seconds = match term {
        Term::Hour => 3_600,
        Term::Minute => 60,
    };
    let ask = Statement::house("this_term", &[]).with("seconds", seconds);
    let (number,): (u64,) = keeper.client.row(&ask)?;
    holds_lease(keeper, number)
}

/// Whether this collector has a term. The first one that asks has it;
/// `sql/tables/017_leases.sql` says how, and why two at once do no harm.
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
