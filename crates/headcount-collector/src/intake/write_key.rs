//! Finds the product of a request by its write key.

use axum::http::{HeaderMap, header};
use headcount_catalog::Dialect;

use super::rejection::Rejection;
use crate::app::App;
use crate::config::Access;
use crate::guard;
use crate::registry::LoadedProduct;

pub(super) const NO_BEARER_KEY: &str = "missing write key: send `Authorization: Bearer KEY`; with \
                                        --development, KEY can be the product's name";

/// Returns the key in `Authorization: Bearer KEY`, `None` without this header
/// if the request may do without a key. Another scheme counts as an unknown
/// key.
pub(super) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Rejection> {
    let key = sent_bearer(headers)?;
    if key.is_none() {
        check_keyless(headers)?;
    }
    Ok(key)
}

/// Rejects a request without a key that a web page of another origin made: in
/// development every page that is open on this machine could write.
pub(super) fn check_keyless(headers: &HeaderMap) -> Result<(), Rejection> {
    if guard::is_cross_site(headers) { Err(Rejection::CrossSite) } else { Ok(()) }
}

fn sent_bearer(headers: &HeaderMap) -> Result<Option<&str>, Rejection> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_| Rejection::UnknownKey)?;
    let (scheme, key) = text.split_once(' ').ok_or(Rejection::UnknownKey)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(Some(key.trim()))
    } else {
        Err(Rejection::UnknownKey)
    }
}

/// Returns the key in `Authorization: Bearer KEY` of a dialect that has no
/// other place for it.
pub(super) fn required_bearer(headers: &HeaderMap) -> Result<&str, Rejection> {
    sent_bearer(headers)?.ok_or(Rejection::NoKey(NO_BEARER_KEY))
}

/// Returns the product that has this key.
pub(super) fn product<'a>(app: &'a App, key: &str) -> Result<&'a LoadedProduct, Rejection> {
    match app.access {
        Access::Development => app
            .registry
            .product(key)
            .or_else(|| app.registry.product_of_key(key))
            .ok_or(Rejection::UnknownKey),
    }
}

/// Returns the product that the body names, for a request without a key.
pub(super) fn named<'a>(app: &'a App, name: &str) -> Result<&'a LoadedProduct, Rejection> {
    match app.access {
        Access::Development => app.registry.product(name).ok_or(Rejection::UnknownProduct),
    }
}

/// Returns the first product of a request whose events each name their own;
/// `None` if there are no events.
///
/// Events that name no product with a catalog do not reject the others: no
/// client would send those again by themselves. If there are no others, this
/// returns why the first event has no product.
pub(super) fn some_owner<'a>(
    owners: &[Result<&'a LoadedProduct, Rejection>],
) -> Result<Option<&'a LoadedProduct>, Rejection> {
    match owners.iter().find_map(|owner| owner.as_ref().ok()) {
        Some(product) => Ok(Some(product)),
        None => owners.first().cloned().transpose(),
    }
}

/// Returns the only product whose catalog names this path for this dialect, for
/// a request without a key. `otherwise` is the message if there are several or
/// none.
pub(super) fn only<'a>(
    app: &'a App,
    path: &str,
    dialect: Dialect,
    otherwise: &'static str,
) -> Result<&'a LoadedProduct, Rejection> {
    match app.access {
        Access::Development => {
            let mut all = app.registry.at(path).filter(|(_, expected)| *expected == dialect);
            match (all.next(), all.next()) {
                (Some((product, _)), None) => Ok(product),
                _ => Err(Rejection::NoKey(otherwise)),
            }
        }
    }
}
