//! Erasures that have begun and are not done.

use super::Housekeeper;
use super::contained::Contained;
use crate::StoreError;

/// An erasure that has begun.
pub(super) struct Begun {
    /// Its number, which says where what is kept aside counts: on days whose
    /// row has at least this number as `erased`.
    pub(super) number: u64,
    pub(super) product: String,
    pub(super) is_account: bool,
    /// In hexadecimal.
    pub(super) pseudonym: String,
    /// Whether what they have added to the counts is kept aside.
    pub(super) is_kept: bool,
    pub(super) events: u64,
    /// What may go. It is known once it is kept aside.
    pub(super) contained: Contained,
}

/// As the server says it.
type BegunRow = (u64, String, u8, String, u8, u64, Vec<u32>, Vec<u64>);

/// Those that the server has.
pub(super) fn open_erasures(keeper: Housekeeper<'_>) -> Result<Vec<Begun>, StoreError> {
    let rows: Vec<BegunRow> = keeper.client.rows(&keeper.statement("open_erasures", ""))?;
    let begun = |row: BegunRow| {
        let (number, product, is_account, pseudonym, is_kept, events, nodes, lasts) = row;
        Begun {
            number,
            product,
            is_account: is_account > 0,
            pseudonym: pseudonym.to_lowercase(),
            is_kept: is_kept > 0,
            events,
            contained: Contained { nodes, lasts },
        }
    };
    Ok(rows.into_iter().map(begun).collect())
}
