//! The plain form: `{"events":[…]}`, the lines of the queue in a list.
//!
//! It has no path of its own: it is accepted where a catalog's destination of
//! this kind posts it, and at `/api/v1/events` beside the native form. Its
//! answer is the native one.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use headcount_catalog::Dialect;
use headcount_wire::flat::BodyForm;

use super::outcomes::Answered;
use super::rejection::Rejection;
use super::write_key::NO_BEARER_KEY;
use super::{lines, write_key};
use crate::app::App;

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let answered = store(&app, &parts, &mut body).await;
    lines::respond(answered, &mut body).await
}

async fn store(app: &Arc<App>, parts: &Parts, body: &mut Body) -> Result<Answered, Rejection> {
    let registry = app.registry();
    let product = match write_key::bearer(app, &parts.headers, NO_BEARER_KEY)? {
        Some(key) => write_key::product(app, &registry, key)?,
        None => write_key::only(app, &registry, parts.uri.path(), Dialect::Http, NO_BEARER_KEY)?,
    };
    let product = product.name();
    lines::take_in(app, registry, &parts.headers, body, BodyForm::Http, product).await
}
