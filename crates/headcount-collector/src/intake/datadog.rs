//! `POST /api/v2/logs`: Datadog's logs, as its API clients and its browser
//! library send them.

use std::borrow::Cow;
use std::sync::Arc;

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
    let registry = app.registry();
    let keyed = match key(parts)? {
        Some(key) => Some(write_key::product(app, &registry, &key)?),
        None => None,
    };
    let body = IncomingBody { headers: &parts.headers, body };
    outcomes(app, body, MissingId::Assign, |request_judge, body| {
        let named = |name: &str| write_key::named(app, &registry, name);
        judge(named, request_judge, keyed, body)
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

/// Judges every log, after finding the product of each: a request that names an
/// unknown product is rejected as a whole.
fn judge<'a>(
    named: impl Fn(&str) -> Result<&'a LoadedProduct, Rejection>,
    request_judge: &mut RequestJudge<'_>,
    keyed: Option<&'a LoadedProduct>,
    body: &[u8],
) -> Result<(), Rejection> {
    let decoded = datadog::decode(body)?;
    let logs: Vec<Result<datadog::Log<'_>, Reason>> = decoded.logs().collect();
    let owners = logs.iter().map(|log| match (keyed, log) {
        (Some(product), _) => Ok(Some(product)),
        (None, Ok(log)) => {
            let name = log.service().ok_or(Rejection::NoKey(NO_KEY))?;
            named(name).map(Some)
        }
        (None, Err(_)) => Ok(None),
    });
    let owners = owners.collect::<Result<Vec<_>, _>>()?;
    // Whatever is not a log is counted for the product of the first log.
    let Some(&first) = owners.iter().flatten().next() else {
        return if logs.is_empty() { Ok(()) } else { Err(Rejection::NoKey(NO_KEY)) };
    };
    for (log, owner) in logs.iter().zip(owners) {
        request_judge.judge(owner.unwrap_or(first), |catalog| {
            log.and_then(|log| log.unchecked(catalog)).map(Cow::Owned)
        });
    }
    Ok(())
}
