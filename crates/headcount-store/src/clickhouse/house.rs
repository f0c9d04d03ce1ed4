//! What keeps the books.

use super::Client;
use crate::{Erasure, HousePolicy, HouseReport, StoreError};

/// Erases a person.
pub(super) fn erase(_client: &Client, _product: &str, _person: Erasure) -> Result<u64, StoreError> {
    Err(StoreError::new("not written"))
}

/// Keeps house.
pub(super) fn keep_house(
    _client: &Client,
    _policy: &HousePolicy,
) -> Result<HouseReport, StoreError> {
    Err(StoreError::new("not written"))
}
