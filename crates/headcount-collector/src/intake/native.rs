//! `POST /api/v1/events`: NDJSON or a JSON array, under a product's own names.
//! Hosts may be configured to send the plain form here, too.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use headcount_wire::flat::BodyForm;

use super::outcomes::Answered;
use super::rejection::Rejection;
use super::{lines, write_key};
use crate::app::App;

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let answered = store(&app, &parts.headers, &mut body).await;
    lines::respond(answered, &mut body).await
}

async fn store(
    app: &Arc<App>,
    headers: &HeaderMap,
    body: &mut Body,
) -> Result<Answered, Rejection> {
    let key = write_key::required_bearer(headers)?;
    let registry = app.registry();
    let product = write_key::product(app, &registry, key)?.name();
    lines::take_in(app, registry, headers, body, BodyForm::Native, product).await
}
