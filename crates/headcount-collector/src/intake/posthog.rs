//! PostHog's endpoints: the batch and the single event, and the newer form that hears of each event.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use headcount_wire::posthog;

use super::batch::{Batch, Unnamed};
use super::turned_away::TurnedAway;
use super::{body, browser, key};
use crate::app::App;
use crate::registry::Product;

/// Where its clients send batches and single events; each reads whatever comes.
pub(super) const PATHS: [&str; 10] = [
    "/batch/",
    "/batch",
    "/capture/",
    "/capture",
    "/i/v0/e/",
    "/i/v0/e",
    "/e/",
    "/e",
    "/track/",
    "/track",
];

/// Where they send when they are told to use the newer form.
pub(super) const NEWER_PATHS: [&str; 2] = ["/i/v1/analytics/events", "/i/v1/analytics/events/"];

/// Where they ask for feature flags.
pub(super) const FLAG_PATHS: [&str; 4] = ["/flags/", "/flags", "/decide/", "/decide"];

const NO_KEY: &str = "this request has no key: send `api_key` in the body; in development a product's \
                      name is one";

const NO_NEWER_KEY: &str = "this request has no key: send `Authorization: Bearer KEY`; in development a \
                            product's name is one";

/// There are none here. Their clients go on after any other answer, too, but write a page into their
/// host's log for each.
const NO_FLAGS: &str =
    r#"{"flags":{},"featureFlags":{},"featureFlagPayloads":{},"errorsWhileComputingFlags":false}"#;

pub(super) async fn take(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let judge = |batch: &mut Batch<'_>, body: &[u8]| {
        let body = posthog::unwrapped(body)?;
        let decoded = posthog::decode(&body)?;
        let captures = decoded.captures()?;
        let products = captures.iter().map(|capture| {
            let key = capture.key().ok_or(TurnedAway::NoKey(NO_KEY))?;
            key::product(&app.registry, app.access, key)
        });
        // A request with an unknown key is not taken by halves.
        let products = products.collect::<Result<Vec<_>, _>>()?;
        for (capture, product) in captures.iter().zip(products) {
            judge(batch, product, capture);
        }
        Ok(())
    };
    let request = (&parts.headers, &mut body);
    let outcomes = super::outcomes(&app, request, Unnamed::Named, judge).await;
    let answer = outcomes.map(|_| posthog::encode_answer().to_owned());
    said(answer, &mut body).await
}

pub(super) async fn take_newer(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let answer = results(&app, &parts.headers, &mut body).await;
    said(answer, &mut body).await
}

async fn results(app: &App, headers: &HeaderMap, body: &mut Body) -> Result<String, TurnedAway> {
    let key = key::bearer(headers)?.ok_or(TurnedAway::NoKey(NO_NEWER_KEY))?;
    let product = key::product(&app.registry, app.access, key)?;
    let mut ids = Vec::new();
    let outcomes = super::outcomes(app, (headers, body), Unnamed::Named, |batch, body| {
        let decoded = posthog::decode(body)?;
        for capture in &decoded.captures()? {
            ids.push(capture.uuid().map(str::to_owned));
            judge(batch, product, capture);
        }
        Ok(())
    })
    .await?;
    let events = ids.iter().map(Option::as_deref).zip(outcomes);
    Ok(posthog::encode_results(events))
}

fn judge(batch: &mut Batch<'_>, product: &Product, capture: &posthog::Capture<'_>) {
    batch.judge(product, |catalog| capture.unchecked(catalog).map(Cow::Owned));
}

/// What is said to a client, which may be a page.
async fn said(answer: Result<String, TurnedAway>, body: &mut Body) -> Response {
    browser::heard(match answer {
        Ok(text) => super::json(StatusCode::OK, text),
        Err(turned_away) => {
            body::discard(body).await;
            turned_away.posthog()
        }
    })
}

/// Who is asked about is nobody's business here: the body goes unread.
pub(super) async fn no_flags(request: Request) -> Response {
    body::discard(&mut request.into_body()).await;
    browser::heard(super::json(StatusCode::OK, NO_FLAGS))
}
