//! Whose these events are: a product is found by its write key.

use axum::http::{HeaderMap, header};
use headcount_catalog::Dialect;

use super::turned_away::TurnedAway;
use crate::Registry;
use crate::config::Access;
use crate::registry::Product;

/// The key in `Authorization: Bearer KEY`; `None` where there is no such header.
///
/// Another scheme is a key that nobody has.
pub(super) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, TurnedAway> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_| TurnedAway::UnknownKey)?;
    let (scheme, key) = text.split_once(' ').ok_or(TurnedAway::UnknownKey)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(Some(key.trim()))
    } else {
        Err(TurnedAway::UnknownKey)
    }
}

/// The product that a key writes for.
pub(super) fn product<'a>(
    registry: &'a Registry,
    access: Access,
    key: &str,
) -> Result<&'a Product, TurnedAway> {
    match access {
        Access::Development => registry
            .product(key)
            .or_else(|| registry.product_of_key(key))
            .ok_or(TurnedAway::UnknownKey),
    }
}

/// The product that a dialect's own frame names, where no key does.
pub(super) fn named<'a>(
    registry: &'a Registry,
    access: Access,
    name: &str,
) -> Result<&'a Product, TurnedAway> {
    match access {
        Access::Development => {
            registry.product(name).ok_or_else(|| TurnedAway::UnknownProduct(registry.name_list()))
        }
    }
}

/// The only product whose catalog names this path for this dialect, where no key says whose the
/// events are; `otherwise` is the sentence for one of several.
pub(super) fn only<'a>(
    registry: &'a Registry,
    access: Access,
    (path, dialect): (&str, Dialect),
    otherwise: &'static str,
) -> Result<&'a Product, TurnedAway> {
    match access {
        Access::Development => {
            let mut all = registry.at(path).filter(|(_, spoken)| *spoken == dialect);
            match (all.next(), all.next()) {
                (Some((product, _)), None) => Ok(product),
                _ => Err(TurnedAway::NoKey(otherwise)),
            }
        }
    }
}
