//! Gives values of open vocabularies their rows.
//!
//! The rule is the one of the contract: a value has a row once enough devices
//! have told it. Raw events say who has. So this is done before any of them
//! goes, and a value that had its row keeps it.

use headcount_catalog::Day;

use super::Housekeeper;
use super::generation;
use crate::{StoreError, limits};

/// Gives every value its row that has earned it.
///
/// # Errors
///
/// Returns an error if the server refuses.
pub(in super::super) fn tell_vocabulary(keeper: Housekeeper<'_>) -> Result<(), StoreError> {
    for product in keeper.products()? {
        tell(keeper, &product)?;
    }
    Ok(())
}

/// Gives the values of one product their rows. Returns whether it has ever had
/// an id or a mark.
pub(super) fn tell(keeper: Housekeeper<'_>, product: &str) -> Result<bool, StoreError> {
    let revision = generation::revision(keeper)?;
    let ask = keeper.statement("has_devices", product);
    let (has_devices, is_noted): (u8, u8) = keeper.client.row(&ask)?;
    if has_devices > is_noted {
        note(keeper, product, (revision, Day::from_number(0), true))?;
    }
    for name in ["tell_fixed", "tell_vocabulary"] {
        let statement = keeper
            .statement(name, product)
            .with("revision", revision)
            .with("has_devices", has_devices > 0)
            .with("tellers", limits::TELLERS as u64)
            .with("most", limits::COUNTED_VALUES as u64);
        keeper.run(&statement)?;
    }
    Ok(has_devices > 0)
}

/// Notes what only rises: the first day whose raw events live, and whether the
/// product has had a device.
pub(super) fn note(
    keeper: Housekeeper<'_>,
    product: &str,
    (revision, first_raw, has_devices): (u64, Day, bool),
) -> Result<(), StoreError> {
    let statement = keeper
        .statement("note_product", product)
        .with("revision", revision)
        .with("first_raw", first_raw)
        .with("has_devices", has_devices);
    keeper.run(&statement)
}
