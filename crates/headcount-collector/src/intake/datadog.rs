//! `POST /api/v2/logs`: Datadog's logs, as its API clients and its browser
//! library send them.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use headcount_catalog::Reason;
use headcount_wire::{Outcome, datadog};

use super::body::IncomingBody;
use super::outcomes::outcomes;
use super::rejection::Rejection;
use super::request_judge::{MissingId, RequestJudge};
use super::{body, cors, write_key};
use crate::answer;
use crate::app::App;
use crate::registry::LoadedProduct;

/// The paths of both forms.
pub(super) const PATHS: [&str; 2] = ["/api/v2/logs", "/api/v2/logs/"];

/// The name of the header or query parameter with the key.
const KEY: &str = "dd-api-key";

/// The query parameter in which the browser library puts the original address
/// if it uses a proxy.
const FORWARD: &str = "ddforward";

const NO_KEY: &str = "missing write key: send `DD-API-KEY: KEY` or `?dd-api-key=KEY`; with \
                      --development, every log can name its product in `service` instead";

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    cors::allow_any_origin(match store(&app, &parts, &mut body).await {
        Ok(_) => answer::json(StatusCode::ACCEPTED, datadog::encode_answer()),
        Err(rejection) => {
            body::discard(&mut body).await;
            rejection.datadog()
        }
    })
}

async fn store(app: &App, parts: &Parts, body: &mut Body) -> Result<Vec<Outcome>, Rejection> {
    let keyed = match key(parts)? {
        Some(key) => Some(write_key::product(app, &key)?),
        None => {
            write_key::check_keyless(&parts.headers)?;
            None
        }
    };
    let body = IncomingBody { headers: &parts.headers, body };
    outcomes(app, body, MissingId::Assign, |request_judge, body| {
        let unclaimed = judge(app, request_judge, keyed, body)?;
        app.unclaimed_events.fetch_add(unclaimed, Ordering::Relaxed);
        Ok(())
    })
    .await
}

/// Returns the key in the header or in the query.
fn key(parts: &Parts) -> Result<Option<Cow<'_, str>>, Rejection> {
    if let Some(value) = parts.headers.get(KEY) {
        return value.to_str().map(|key| Some(key.into())).map_err(|_| Rejection::UnknownKey);
    }
    let forwarded = || parameter(&parts.uri, FORWARD)?.parse::<Uri>().ok();
    let key = parameter(&parts.uri, KEY).or_else(|| parameter(&forwarded()?, KEY));
    Ok(key.map(Cow::Owned))
}

fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs.into_iter().find_map(|(own, value)| own.eq_ignore_ascii_case(name).then_some(value))
}

/// Judges every log of a product that has a catalog, and returns the number of
/// those of others. A request without any such product is rejected as a whole.
fn judge(
    app: &App,
    request_judge: &mut RequestJudge<'_>,
    keyed: Option<&LoadedProduct>,
    body: &[u8],
) -> Result<u64, Rejection> {
    let decoded = datadog::decode(body)?;
    let logs: Vec<Result<datadog::Log<'_>, Reason>> = decoded.logs().collect();
    let named = |log: &datadog::Log<'_>| {
        let name = log.service().ok_or(Rejection::NoKey(NO_KEY))?;
        write_key::named(app, name)
    };
    let owner = |log: &Result<datadog::Log<'_>, Reason>| match (keyed, log) {
        (Some(product), _) => Some(Ok(product)),
        (None, Ok(log)) => Some(named(log)),
        (None, Err(_)) => None,
    };
    let owners: Vec<_> = logs.iter().map(owner).collect();
    let told: Vec<_> = owners.iter().flatten().cloned().collect();
    // Whatever is not a log is counted for the product of the first log.
    let Some(first) = write_key::some_owner(&told)? else {
        return if logs.is_empty() { Ok(0) } else { Err(Rejection::NoKey(NO_KEY)) };
    };
    let mut unclaimed = 0;
    for (log, owner) in logs.iter().zip(owners) {
        match owner.unwrap_or(Ok(first)) {
            Ok(product) => request_judge.judge(product, |catalog| {
                log.and_then(|log| log.unchecked(catalog)).map(Cow::Owned)
            }),
            Err(_) => unclaimed += 1,
        }
    }
    Ok(unclaimed)
}
