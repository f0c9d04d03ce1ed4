//! `POST /api/v1/events`: NDJSON or a JSON array, under a product's own names.

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
use super::{http, lines, write_key};
use crate::app::App;

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let outcomes = store(&app, &parts.headers, &mut body).await;
    lines::respond(outcomes, &mut body).await
}

async fn store(app: &App, headers: &HeaderMap, body: &mut Body) -> Result<Vec<Outcome>, Rejection> {
    let key = write_key::required_bearer(headers)?;
    let registry = app.registry();
    let product = write_key::product(app, &registry, key)?;
    let body = IncomingBody { headers, body };
    outcomes(app, body, MissingId::Reject, |judge, body| {
        let lines = native::decode(body);
        // Hosts may be configured to send the plain form here.
        if http::may_be_list(&lines) && http::judge(judge, product, body).is_ok() {
            return Ok(());
        }
        for line in &lines? {
            lines::judge(judge, product, line.as_ref().map_err(|reason| *reason));
        }
        Ok(())
    })
    .await
}
