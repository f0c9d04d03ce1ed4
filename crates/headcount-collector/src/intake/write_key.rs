//! Finds the product of a request by its write key.

use axum::http::{HeaderMap, header};
use headcount_catalog::Dialect;
use tokio::time::Instant;

use super::rejection::Rejection;
use crate::access::Gate;
use crate::app::App;
use crate::guard;
use crate::registry::{LoadedProduct, Registry};

pub(super) const NO_BEARER_KEY: &str = "missing write key: send `Authorization: Bearer KEY`; with \
                                        --development, KEY can be the product's name";

/// Returns the key in `Authorization: Bearer KEY`, `None` without this header
/// if the request may do without a key. Another scheme counts as an unknown
/// key. `otherwise` is the message if it may not.
pub(super) fn bearer<'a>(
    app: &App,
    headers: &'a HeaderMap,
    otherwise: &'static str,
) -> Result<Option<&'a str>, Rejection> {
    let key = sent_bearer(headers)?;
    if key.is_none() {
        check_keyless(app, headers, otherwise)?;
    }
    Ok(key)
}

/// Rejects a request without a key: always, but in development. There it
/// rejects what a web page of another origin sent, since every page that is
/// open on this machine could write.
pub(super) fn check_keyless(
    app: &App,
    headers: &HeaderMap,
    otherwise: &'static str,
) -> Result<(), Rejection> {
    match &*app.gate {
        Gate::Guarded(_) => Err(Rejection::NoKey(otherwise)),
        Gate::Development if guard::is_cross_site(headers, app.door.scheme()) => {
            Err(Rejection::FromOtherSite)
        }
        Gate::Development => Ok(()),
    }
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

/// Returns the product that has this key, unless the key is sent too often.
pub(super) fn product<'a>(
    app: &App,
    registry: &'a Registry,
    key: &str,
) -> Result<&'a LoadedProduct, Rejection> {
    let (product, counted) = match &*app.gate {
        Gate::Development => {
            let own = registry.product(key).or_else(|| registry.product_of_key(key));
            let own = own.ok_or(Rejection::UnknownKey)?;
            (own, app.door.rates.request_with(own.name(), Instant::now()))
        }
        Gate::Guarded(guarded) => {
            let credentials = guarded.credentials.now();
            let Some(own) = credentials.key(key) else {
                let is_token = credentials.token(key).is_some();
                return Err(if is_token { Rejection::ReadersToken } else { Rejection::UnknownKey });
            };
            let product = registry.product(&own.product).ok_or(Rejection::NoCatalog)?;
            (product, app.door.rates.request_with(&own.id, Instant::now()))
        }
    };
    counted.map(|()| product).map_err(|_| Rejection::TooOften)
}

/// Returns the product that the body names, for a request without a key.
pub(super) fn named<'a>(
    app: &App,
    registry: &'a Registry,
    name: &str,
) -> Result<&'a LoadedProduct, Rejection> {
    match &*app.gate {
        Gate::Development => registry.service(name).ok_or(Rejection::UnknownProduct),
        // Such a request does not get this far (`check_keyless`).
        Gate::Guarded(_) => Err(Rejection::NoKey(NO_BEARER_KEY)),
    }
}

/// Returns the only product whose catalog names this path for this dialect, for
/// a request without a key. `otherwise` is the message if there are several or
/// none.
pub(super) fn only<'a>(
    app: &App,
    registry: &'a Registry,
    path: &str,
    dialect: Dialect,
    otherwise: &'static str,
) -> Result<&'a LoadedProduct, Rejection> {
    match &*app.gate {
        Gate::Development => {
            let mut all = registry.at(path).filter(|(_, expected)| *expected == dialect);
            match (all.next(), all.next()) {
                (Some((product, _)), None) => Ok(product),
                _ => Err(Rejection::NoKey(otherwise)),
            }
        }
        Gate::Guarded(_) => Err(Rejection::NoKey(otherwise)),
    }
}
