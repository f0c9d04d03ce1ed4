//! Every route of a collector.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use crate::app::App;
use crate::{answer, ask, intake, metrics, page};

/// The router, without the layers around it.
pub(crate) fn all() -> Router<Arc<App>> {
    Router::new()
        .merge(intake::routes())
        .merge(ask::routes())
        .merge(page::routes())
        .route("/healthz", get(health))
        .route("/metrics", get(metrics::show))
        .fallback(intake::named_by_catalogs)
        .method_not_allowed_fallback(answer::method_not_allowed)
}

/// Whether every part works: 200, or 503 with a sentence.
async fn health(State(app): State<Arc<App>>) -> Response {
    let (status, text) = match app.check_health().await {
        Ok(()) => (StatusCode::OK, "ok".to_owned()),
        Err(message) => (StatusCode::SERVICE_UNAVAILABLE, message),
    };
    answer::of(status, "text/plain; charset=utf-8", text)
}
