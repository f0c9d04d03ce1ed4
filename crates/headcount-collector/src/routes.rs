//! Every address a collector answers at.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use crate::app::App;
use crate::{answer, ask, intake, metrics, page};

/// The house's routes, without what stands around all of them.
pub(crate) fn all() -> Router<Arc<App>> {
    Router::new()
        .merge(intake::routes())
        .merge(ask::routes())
        .merge(page::routes())
        .route("/healthz", get(health))
        .route("/metrics", get(metrics::show))
        .fallback(intake::elsewhere)
        .method_not_allowed_fallback(otherwise)
}

async fn health() -> &'static str {
    "ok"
}

/// There is nothing at this address.
pub(crate) fn nowhere() -> Response {
    answer::error(
        StatusCode::NOT_FOUND,
        "there is nothing here: events go to /api/v1/events, /v1/logs, /batch/, /api/v2/logs or the \
         paths that a catalog names, questions to /api/v1/ask/…, and the page is /",
    )
}

/// There is something, which is not asked this way.
pub(crate) async fn otherwise() -> Response {
    answer::error(
        StatusCode::METHOD_NOT_ALLOWED,
        "this address is not asked that way: events are sent with POST, everything else is read \
         with GET",
    )
}
