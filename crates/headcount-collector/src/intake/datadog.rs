//! `POST /api/v2/logs`: Datadog's logs, as its API's clients and its browser library send them.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use headcount_catalog::Reason;
use headcount_wire::{Outcome, datadog};

use super::batch::{Batch, Unnamed};
use super::turned_away::TurnedAway;
use super::{body, browser, key};
use crate::app::App;
use crate::registry::Product;

/// Where both forms are sent.
pub(super) const PATHS: [&str; 2] = ["/api/v2/logs", "/api/v2/logs/"];

/// Where the key is: a header of this name, or a parameter after the `?`.
const KEY: &str = "dd-api-key";

/// Where the browser library puts the address it would have sent to, when it is given a proxy.
const FORWARD: &str = "ddforward";

const NO_KEY: &str = "this request has no key, and a log in it no `service`: send `DD-API-KEY: KEY`, or \
                      `?dd-api-key=KEY`, or in development the product's name as `service`";

pub(super) async fn take(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    browser::heard(match outcomes(&app, &parts, &mut body).await {
        Ok(_) => super::json(StatusCode::ACCEPTED, datadog::encode_answer()),
        Err(turned_away) => {
            body::discard(&mut body).await;
            turned_away.datadog()
        }
    })
}

async fn outcomes(app: &App, parts: &Parts, body: &mut Body) -> Result<Vec<Outcome>, TurnedAway> {
    let keyed = match shown(parts)? {
        Some(key) => Some(key::product(&app.registry, app.access, &key)?),
        None => None,
    };
    super::outcomes(app, (&parts.headers, body), Unnamed::Named, |batch, body| {
        judge(app, batch, keyed, body)
    })
    .await
}

/// The key it shows, in the header or after the `?`.
fn shown(parts: &Parts) -> Result<Option<Cow<'_, str>>, TurnedAway> {
    if let Some(value) = parts.headers.get(KEY) {
        return value.to_str().map(|key| Some(key.into())).map_err(|_| TurnedAway::UnknownKey);
    }
    let forwarded = || parameter(&parts.uri, FORWARD)?.parse::<Uri>().ok();
    let key = parameter(&parts.uri, KEY).or_else(|| parameter(&forwarded()?, KEY));
    Ok(key.map(Cow::Owned))
}

fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs.into_iter().find_map(|(own, value)| own.eq_ignore_ascii_case(name).then_some(value))
}

/// Judges every log, once it is clear whose each one is: a request that names an unknown product is
/// not taken by halves.
fn judge(
    app: &App,
    batch: &mut Batch<'_>,
    keyed: Option<&Product>,
    body: &[u8],
) -> Result<(), TurnedAway> {
    let decoded = datadog::decode(body)?;
    let logs: Vec<Result<datadog::Log<'_>, Reason>> = decoded.logs().collect();
    let owners = logs.iter().map(|log| match (keyed, log) {
        (Some(product), _) => Ok(Some(product)),
        (None, Ok(log)) => {
            let name = log.service().ok_or(TurnedAway::NoKey(NO_KEY))?;
            key::named(&app.registry, app.access, name).map(Some)
        }
        (None, Err(_)) => Ok(None),
    });
    let owners = owners.collect::<Result<Vec<_>, _>>()?;
    // What is no log is its neighbours' product's.
    let Some(&neighbour) = owners.iter().flatten().next() else {
        return if logs.is_empty() { Ok(()) } else { Err(TurnedAway::NoKey(NO_KEY)) };
    };
    for (log, owner) in logs.iter().zip(owners) {
        batch.judge(owner.unwrap_or(neighbour), |catalog| {
            log.and_then(|log| log.unchecked(catalog)).map(Cow::Owned)
        });
    }
    Ok(())
}
