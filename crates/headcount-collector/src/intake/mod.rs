//! The intake: from the bytes of a request to an answer about each of its
//! events.
//!
//! Each dialect has a file. It finds the product, reads the body, has every
//! event judged and committed ([`outcomes`](outcomes::outcomes)), and answers
//! as the dialect's clients expect. `forget` takes nothing in: it erases.

// What every dialect uses.
mod rejection;
mod write_key;
mod body_buffer;
mod unpack;
mod body;
mod judge_body;
mod outcomes;
mod cors;
mod turned_away;

// The dialects.
mod lines;
mod http;
mod native;
mod otlp;
mod posthog;
mod datadog;
mod clacky;

// What a person has erased.
mod forget;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::post;
use headcount_catalog::Dialect;

use crate::answer;
use crate::app::App;

pub(crate) use body_buffer::body_memory;
pub(crate) use turned_away::turn_away;

/// The routes of the intake. Paths arrive canonical
/// (`server/canonical_path.rs`): without a slash at the end.
pub(crate) fn routes() -> Router<Arc<App>> {
    let mut router = Router::new()
        .route("/api/v1/events", post(native::handle))
        .route("/api/v1/forget", post(forget::handle))
        .route(otlp::PATH, post(otlp::handle))
        .route(posthog::NEWER_PATH, post(posthog::handle_newer).options(cors::preflight))
        .route(datadog::PATH, post(datadog::handle).options(cors::preflight));
    for path in posthog::PATHS {
        router = router.route(path, post(posthog::handle).options(cors::preflight));
    }
    for path in posthog::FLAG_PATHS {
        router = router.route(path, post(posthog::feature_flags).options(cors::preflight));
    }
    router
}

/// Answers at paths that only catalogs name, such as those of OpenClacky, or
/// the path of a reverse proxy that forwards it unchanged.
pub(crate) async fn named_by_catalogs(State(app): State<Arc<App>>, request: Request) -> Response {
    let registry = app.registry();
    let dialect = registry.at(request.uri().path()).map(|(_, dialect)| dialect).next();
    let Some(dialect) = dialect else { return answer::not_found() };
    match (request.method(), dialect) {
        (&Method::OPTIONS, Dialect::PostHog | Dialect::Datadog) => {
            cors::preflight(request.headers().clone()).await
        }
        (&Method::POST, dialect) => match dialect {
            Dialect::Headcount => native::handle(State(app), request).await,
            Dialect::Otlp => otlp::handle(State(app), request).await,
            Dialect::PostHog => posthog::handle(State(app), request).await,
            Dialect::Datadog => datadog::handle(State(app), request).await,
            Dialect::Clacky => clacky::handle(State(app), request).await,
            Dialect::Http => http::handle(State(app), request).await,
        },
        _ => answer::method_not_allowed().await,
    }
}
