//! OpenClacky's own endpoints, `POST /api/v1/telemetry/startup` and `/task`:
//! one event a request, with its name in the path. The event gets its id and
//! its time when it arrives.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use headcount_catalog::{Dialect, EventId};
use headcount_wire::flat::BodyForm;
use headcount_wire::{Outcome, clacky};

use super::body::IncomingBody;
use super::judge_body::{BodyRules, Outside, Owner, no_random_bits};
use super::outcomes::{Answered, outcomes};
use super::rejection::Rejection;
use super::write_key::NO_BEARER_KEY;
use super::{body, write_key};
use crate::answer;
use crate::app::App;
use crate::batch::batch_head;
use crate::plan::Missing;

const SEVERAL: &str = "missing write key, and several products use this path: send `Authorization: \
                       Bearer KEY`; with --development, KEY can be the product's name";

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    match store(&app, &parts, &mut body).await.map(|answered| rejection(&answered.outcomes)) {
        Ok(None) => answer::json(StatusCode::OK, clacky::encode_answer()),
        Ok(Some(rejection)) => rejection.native(),
        Err(rejection) => {
            body::discard(&mut body).await;
            rejection.native()
        }
    }
}

async fn store(app: &Arc<App>, parts: &Parts, body: &mut Body) -> Result<Answered, Rejection> {
    let path = parts.uri.path();
    let registry = app.registry();
    let product = match write_key::bearer(app, &parts.headers, NO_BEARER_KEY)? {
        Some(key) => write_key::product(app, &registry, key)?,
        None => write_key::only(app, &registry, path, Dialect::Clacky, SEVERAL)?,
    };
    let event = product.event_at(path).ok_or(Rejection::NoEvent(product.name()))?.name;
    let time = app.now();
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| no_random_bits(app, error))?;
    let rules = BodyRules {
        form: BodyForm::Clacky,
        owner: Owner::Product(product.name()),
        batch: batch_head(&parts.headers),
        missing: Missing::Reject,
        outside: Some(Outside { event, id: EventId::new(time.day(), random), time }),
    };
    outcomes(app, registry, IncomingBody { headers: &parts.headers, body }, rules).await
}

/// The request is rejected if its only event is.
fn rejection(outcomes: &[Outcome]) -> Option<Rejection> {
    let reason = outcomes.iter().find_map(|outcome| outcome.reason())?;
    Some(Rejection::Rejected(reason))
}
