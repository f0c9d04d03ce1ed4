//! `POST /api/v1/events`: NDJSON or a JSON array, under a product's own names.
//! Hosts may be configured to send the plain form here, too. A batch without an
//! event is how an author asks whether the key and the catalog are known.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use headcount_wire::flat::BodyForm;
use headcount_wire::native::BatchAnswer;

use super::outcomes::Answered;
use super::rejection::Rejection;
use super::{lines, write_key};
use crate::answer;
use crate::app::App;

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    match store(&app, &parts.headers, &mut body).await {
        Ok((answered, catalog)) if answered.outcomes.is_empty() => {
            answer::json(StatusCode::OK, BatchAnswer::encode_empty(catalog))
        }
        stored => lines::respond(stored.map(|(answered, _)| answered), &mut body).await,
    }
}

async fn store(
    app: &Arc<App>,
    headers: &HeaderMap,
    body: &mut Body,
) -> Result<(Answered, u32), Rejection> {
    let key = write_key::required_bearer(headers)?;
    let registry = app.registry();
    let product = write_key::product(app, &registry, key)?;
    let (name, catalog) = (product.name(), product.newest().version);
    let answered = lines::take_in(app, registry, headers, body, BodyForm::Native, name).await?;
    Ok((answered, catalog))
}
