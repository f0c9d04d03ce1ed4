//! PostHog's endpoints: batches, single events, and the newer form, which is
//! told the result of each event.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use headcount_wire::posthog;

use super::body::IncomingBody;
use super::outcomes::outcomes;
use super::rejection::Rejection;
use super::request_judge::{MissingId, RequestJudge};
use super::{body, cors, write_key};
use crate::answer;
use crate::app::App;
use crate::registry::LoadedProduct;

/// The paths of batches and single events. Each accepts both.
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

/// The paths of the newer form.
pub(super) const NEWER_PATHS: [&str; 2] = ["/i/v1/analytics/events", "/i/v1/analytics/events/"];

/// The paths of feature flags.
pub(super) const FLAG_PATHS: [&str; 4] = ["/flags/", "/flags", "/decide/", "/decide"];

const NO_KEY: &str = "missing write key: send `api_key` in the body; with --development, it can be the \
                      product's name";

/// The answer about feature flags: there are none. Clients also continue after
/// an error, but write a page into the host's log each time.
const NO_FLAGS: &str =
    r#"{"flags":{},"featureFlags":{},"featureFlagPayloads":{},"errorsWhileComputingFlags":false}"#;

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let registry = app.registry();
    let judge_all = |request_judge: &mut RequestJudge<'_>, body: &[u8]| {
        let body = posthog::unwrapped(body)?;
        let decoded = posthog::decode(&body)?;
        let captures = decoded.captures()?;
        let products = captures.iter().map(|capture| {
            let key = capture.key().ok_or(Rejection::NoKey(NO_KEY))?;
            write_key::product(&app, &registry, key)
        });
        // A request with an unknown key is rejected as a whole.
        let products = products.collect::<Result<Vec<_>, _>>()?;
        for (capture, product) in captures.iter().zip(products) {
            judge(request_judge, product, capture);
        }
        Ok(())
    };
    let incoming = IncomingBody { headers: &parts.headers, body: &mut body };
    let outcomes = outcomes(&app, incoming, MissingId::Assign, judge_all).await;
    let text = outcomes.map(|_| posthog::encode_answer().to_owned());
    respond(text, &mut body).await
}

pub(super) async fn handle_newer(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let text = results(&app, &parts.headers, &mut body).await;
    respond(text, &mut body).await
}

async fn results(app: &App, headers: &HeaderMap, body: &mut Body) -> Result<String, Rejection> {
    let key = write_key::required_bearer(headers)?;
    let registry = app.registry();
    let product = write_key::product(app, &registry, key)?;
    let mut ids = Vec::new();
    let body = IncomingBody { headers, body };
    let outcomes = outcomes(app, body, MissingId::Assign, |request_judge, body| {
        let decoded = posthog::decode(body)?;
        for capture in &decoded.captures()? {
            ids.push(capture.uuid().map(str::to_owned));
            judge(request_judge, product, capture);
        }
        Ok(())
    })
    .await?;
    let events = ids.iter().map(Option::as_deref).zip(outcomes);
    Ok(posthog::encode_results(events))
}

fn judge(
    request_judge: &mut RequestJudge<'_>,
    product: &LoadedProduct,
    capture: &posthog::Capture<'_>,
) {
    request_judge.judge(product, |catalog| capture.unchecked(catalog).map(Cow::Owned));
}

/// Answers a client, which may be a web page.
async fn respond(text: Result<String, Rejection>, body: &mut Body) -> Response {
    cors::allow_any_origin(match text {
        Ok(text) => answer::json(StatusCode::OK, text),
        Err(rejection) => {
            body::discard(body).await;
            rejection.posthog()
        }
    })
}

/// Answers a question about feature flags. The body is not looked at: it names
/// a person.
pub(super) async fn feature_flags(request: Request) -> Response {
    body::discard(&mut request.into_body()).await;
    cors::allow_any_origin(answer::json(StatusCode::OK, NO_FLAGS))
}
