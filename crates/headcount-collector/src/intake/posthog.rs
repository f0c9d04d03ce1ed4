//! PostHog's endpoints: batches, single events, and the newer form, which is
//! told the result of each event.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use headcount_wire::flat::BodyForm;
use headcount_wire::posthog;

use super::body::IncomingBody;
use super::judge_body::{BodyRules, Owner};
use super::outcomes::{Answered, outcomes};
use super::rejection::Rejection;
use super::{body, cors, write_key};
use crate::answer;
use crate::app::App;
use crate::batch::batch_head;
use crate::plan::Missing;

/// The paths of batches and single events. Each accepts both.
pub(super) const PATHS: [&str; 5] = ["/batch", "/capture", "/i/v0/e", "/e", "/track"];

/// The path of the newer form.
pub(super) const NEWER_PATH: &str = "/i/v1/analytics/events";

/// The paths of feature flags.
pub(super) const FLAG_PATHS: [&str; 2] = ["/flags", "/decide"];

const NO_KEY: &str = "missing write key: send `api_key` in the body; with --development, it can be the \
                      product's name";

/// The answer about feature flags: there are none. Clients also continue after
/// an error, but write a page into the host's log each time.
const NO_FLAGS: &str =
    r#"{"flags":{},"featureFlags":{},"featureFlagPayloads":{},"errorsWhileComputingFlags":false}"#;

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let rules = rules(Owner::Key { no_key: NO_KEY }, &parts.headers);
    let incoming = IncomingBody { headers: &parts.headers, body: &mut body };
    let answered = outcomes(&app, app.registry(), incoming, rules).await;
    let text = answered.map(|_| posthog::encode_answer().to_owned());
    respond(text, &mut body).await
}

pub(super) async fn handle_newer(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let text = results(&app, &parts.headers, &mut body).await;
    respond(text, &mut body).await
}

async fn results(
    app: &Arc<App>,
    headers: &HeaderMap,
    body: &mut Body,
) -> Result<String, Rejection> {
    let key = write_key::required_bearer(headers)?;
    let registry = app.registry();
    let owner = Owner::Product(write_key::product(app, &registry, key)?.name());
    let body = IncomingBody { headers, body };
    let Answered { outcomes, ids, .. } =
        outcomes(app, registry, body, rules(owner, headers)).await?;
    let events = ids.iter().map(Option::as_deref).zip(outcomes);
    Ok(posthog::encode_results(events))
}

fn rules(owner: Owner, headers: &HeaderMap) -> BodyRules {
    let batch = batch_head(headers);
    BodyRules { form: BodyForm::PostHog, owner, batch, missing: Missing::Set, outside: None }
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
