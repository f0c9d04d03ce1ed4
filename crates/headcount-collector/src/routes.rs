//! Every route of a collector.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::handler::Handler as _;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::MethodFilter;

use crate::access::{self, Row};
use crate::app::App;
use crate::{answer, ask, intake, metrics, notes, page, public, readiness};

/// Every route, with what it needs.
pub(crate) fn rows() -> Vec<Row> {
    let own = vec![
        Row::open(MethodFilter::GET, "/healthz", health),
        Row::open(MethodFilter::GET, "/readyz", ready),
        Row::read("/metrics", metrics::show),
    ];
    let pages = [page::rows(), public::rows(), notes::rows()].into_iter().flatten().collect();
    let all = [intake::rows(), ask::rows(), pages, access::rows(), own];
    all.into_iter().flatten().collect()
}

/// The router of every route. What no row has is the intake's: catalogs name
/// paths of their own, each for a write key. A browser that comes to any other
/// path gets a page.
pub(crate) fn all(app: &Arc<App>) -> Router<Arc<App>> {
    access::router(app, rows())
        .fallback(intake::named_by_catalogs.layer(from_fn(page::for_people)))
        .method_not_allowed_fallback(answer::method_not_allowed.layer(from_fn(page::for_people)))
}

/// Whether every part is alive: 200, or 503 with a sentence.
async fn health(State(app): State<Arc<App>>) -> Response {
    let (status, text) = match app.check_health().await {
        Ok(()) => (StatusCode::OK, "ok".to_owned()),
        Err(message) => (StatusCode::SERVICE_UNAVAILABLE, message),
    };
    answer::of(status, "text/plain; charset=utf-8", text)
}

/// Whether it should be sent events: 200 or 503, and JSON with every part.
async fn ready(State(app): State<Arc<App>>) -> Response {
    let (is_ready, text) = readiness::answer(&readiness::look(&app).await);
    answer::json(if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, text)
}
