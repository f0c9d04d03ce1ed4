//! What everybody may see of a product, from a folder or from a collector's
//! address. No token is read: these numbers need none.

use std::path::PathBuf;

use headcount_catalog::is_product_name;
use headcount_collector::offline;

use super::address;
use super::no_answer::NoAnswer;

/// Who is asked for public numbers.
#[derive(Debug)]
pub(crate) enum PublicPlace {
    Folder(PathBuf),
    Address {
        url: String,
        authorities: Option<PathBuf>,
        /// The products to look for: no collector lists its public pages.
        products: Vec<String>,
    },
}

/// The names of the products with a public page.
pub(crate) fn products(place: &PublicPlace) -> Result<Vec<String>, NoAnswer> {
    match place {
        PublicPlace::Folder(data) => {
            offline::public_products(data).map_err(|error| NoAnswer::failed(error.to_string()))
        }
        PublicPlace::Address { products, .. } if products.is_empty() => Err(NoAnswer::misused(
            "a collector does not list its public pages: start `headcount mcp` with --product NAME, \
             or ask for the numbers of a product whose name you know",
        )),
        PublicPlace::Address { products, .. } => {
            let mut found = Vec::new();
            for product in products {
                if numbers(place, product)?.is_some() {
                    found.push(product.clone());
                }
            }
            found.sort_unstable();
            found.dedup();
            Ok(found)
        }
    }
}

/// The text of `/public/NAME.json`. `None` if no product of this name has a
/// public page.
pub(crate) fn numbers(place: &PublicPlace, product: &str) -> Result<Option<String>, NoAnswer> {
    // The name becomes a part of a path.
    if !is_product_name(product) {
        return Ok(None);
    }
    match place {
        PublicPlace::Folder(data) => offline::public_numbers(data, product)
            .map_err(|error| NoAnswer::failed(error.to_string())),
        PublicPlace::Address { url, authorities, .. } => {
            address::public(url, product, authorities.as_deref())
        }
    }
}
