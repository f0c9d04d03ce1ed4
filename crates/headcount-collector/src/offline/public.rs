//! What everybody may see of a product, as the server would answer, also while
//! a collector runs.

use std::path::Path;

use super::error::OfflineError;
use crate::public;
use crate::registry::kept_registry;

/// The names of the products with a public page, in alphabetical order.
///
/// # Errors
///
/// Returns an error if there is no such folder.
pub fn public_products(data: &Path) -> Result<Vec<String>, OfflineError> {
    OfflineError::check_folder(data)?;
    let registry = kept_registry(data);
    let public = registry.products().iter().filter(|product| public::is_public(product));
    let mut names: Vec<String> = public.map(|product| product.name().to_owned()).collect();
    names.sort_unstable();
    Ok(names)
}

/// The numbers of a public page: the text of `/public/NAME.json`, and no other
/// numbers. `None` if no product of this name has such a page. Takes no lock
/// and changes nothing.
///
/// # Errors
///
/// Returns an error if
/// - there is no such folder;
/// - the file of what was published cannot be used.
pub fn public_numbers(data: &Path, product: &str) -> Result<Option<String>, OfflineError> {
    OfflineError::check_folder(data)?;
    let registry = kept_registry(data);
    let Some(product) = registry.product(product).filter(|product| public::is_public(product))
    else {
        return Ok(None);
    };
    public::numbers_of(data, product)
        .map(Some)
        .map_err(|sentence| OfflineError::published(&sentence))
}
