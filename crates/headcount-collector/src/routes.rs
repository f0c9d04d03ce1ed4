//! Every route of a collector.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::app::App;
use crate::{answer, ask, intake, metrics, page};

/// The router, without the layers around it.
pub(crate) fn all() -> Router<Arc<App>> {
    Router::new()
        .merge(intake::routes())
        .merge(ask::routes())
        .merge(page::routes())
        .route("/healthz", get(async || "ok"))
        .route("/metrics", get(metrics::show))
        .fallback(intake::named_by_catalogs)
        .method_not_allowed_fallback(answer::method_not_allowed)
}
