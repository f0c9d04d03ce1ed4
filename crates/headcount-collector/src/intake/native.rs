//! `POST /api/v1/events`: NDJSON, a JSON array or the plain form, under a
//! product's own names.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use headcount_wire::{Outcome, native};

use super::body::IncomingBody;
use super::outcomes::outcomes;
use super::rejection::Rejection;
use super::request_judge::MissingId;
use super::{lines, write_key};
use crate::app::App;

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let outcomes = store(&app, &parts.headers, &mut body).await;
    lines::respond(outcomes, &mut body).await
}

async fn store(app: &App, headers: &HeaderMap, body: &mut Body) -> Result<Vec<Outcome>, Rejection> {
    let key = write_key::required_bearer(headers)?;
    let product = write_key::product(app, key)?;
    let body = IncomingBody { headers, body };
    outcomes(app, body, MissingId::Reject, |judge, body| {
        for line in &native::decode(body)? {
            lines::judge(judge, product, line.as_ref().map_err(|reason| *reason));
        }
        Ok(())
    })
    .await
}
