//! `POST /api/v2/logs`: Datadog's logs, as its API clients and its browser
//! library send them.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use headcount_wire::datadog;
use headcount_wire::flat::BodyForm;

use super::body::IncomingBody;
use super::judge_body::{BodyRules, Owner};
use super::outcomes::{Answered, outcomes};
use super::rejection::Rejection;
use super::{body, cors, write_key};
use crate::answer;
use crate::app::App;
use crate::batch::batch_head;
use crate::plan::Missing;

/// The path of both forms.
pub(super) const PATH: &str = "/api/v2/logs";

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

async fn store(app: &Arc<App>, parts: &Parts, body: &mut Body) -> Result<Answered, Rejection> {
    let registry = app.registry();
    let owner = match key(parts)? {
        Some(key) => Owner::Product(write_key::product(app, &registry, &key)?.name()),
        None => {
            write_key::check_keyless(app, &parts.headers, NO_KEY)?;
            Owner::Service { no_key: NO_KEY }
        }
    };
    let rules = BodyRules {
        form: BodyForm::Datadog,
        owner,
        batch: batch_head(&parts.headers),
        missing: Missing::Set,
        outside: None,
    };
    outcomes(app, registry, IncomingBody { headers: &parts.headers, body }, rules).await
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
