//! The numbers of generations.
//!
//! A number has two halves: one that rises, and the collector's own, so that
//! two collectors that count at once never write under one number. What takes
//! events away leaves a number out: a count that began before it has a lower
//! one, and can never hold after it.

use super::{Housekeeper, Statement};
use crate::StoreError;

/// Bits of the collector's number.
const NODE_BITS: u32 = 32;

/// What a generation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It counts what is there.
    Counts,
    /// Events go once it holds.
    TakesAway,
}

/// Takes a number that is higher than all that were taken.
pub(super) fn next(keeper: Housekeeper<'_>, purpose: Purpose) -> Result<u64, StoreError> {
    let number = free(keeper, purpose)?;
    keeper.run(&keeper.statement("reserve_generation", "").with("generation", number))?;
    Ok(number)
}

/// A number that is higher than all that were taken, for somebody who takes it
/// at once.
pub(super) fn free(keeper: Housekeeper<'_>, purpose: Purpose) -> Result<u64, StoreError> {
    Ok(after(last(keeper)?, keeper.node, purpose))
}

/// A number that is not lower than any, for rows that are told apart by more.
pub(super) fn revision(keeper: Housekeeper<'_>) -> Result<u64, StoreError> {
    free(keeper, Purpose::Counts)
}

/// The highest number that was taken.
pub(super) fn last(keeper: Housekeeper<'_>) -> Result<u64, StoreError> {
    let (last,): (u64,) = keeper.client.row(&Statement::house("last_generation", &[]))?;
    Ok(last)
}

fn after(last: u64, node: u32, purpose: Purpose) -> u64 {
    let step = match purpose {
        Purpose::Counts => 1,
        Purpose::TakesAway => 2,
    };
    ((last >> NODE_BITS).saturating_add(step) << NODE_BITS) | u64::from(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_rise_and_no_two_collectors_have_the_same() {
        let last = after(0, 7, Purpose::Counts);
        let (one, other) =
            (after(last, 1, Purpose::Counts), after(last, u32::MAX, Purpose::Counts));
        assert!(last < one && one < other);
        let away = after(last, 1, Purpose::TakesAway);
        assert!(other < away, "a count that began before cannot hold afterwards");
    }
}
