//! How people call the person's commands.

use super::inline::code;
use crate::Catalog;

/// How people call one of their commands, if the program has the product's
/// name.
pub(super) fn call(catalog: &Catalog, words: &str) -> String {
    code(&format!("{} telemetry {words}", catalog.product.name))
}
