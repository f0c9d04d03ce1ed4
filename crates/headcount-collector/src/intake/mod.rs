//! The intake: from the bytes of a request to an answer for each of its events.
//!
//! Every dialect has a file of its own here and does the same four things: find the product, read
//! the body, hand its events to the writer, and say in the dialect's own words what became of
//! them.

mod key;
mod body;
mod unpack;
mod kept;
mod batch;
mod native;
mod http;
mod otlp;
mod posthog;
mod datadog;
mod clacky;
mod browser;
mod turned_away;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use axum::routing::post;
use headcount_catalog::Dialect;
use headcount_wire::Outcome;

use crate::app::App;
use crate::routes;
use batch::{Batch, Judged, Unnamed};
pub(crate) use kept::all_room;
use turned_away::TurnedAway;

/// The intake's routes. Clients are configured by hand, so a slash too many is no mistake.
pub(crate) fn routes() -> Router<Arc<App>> {
    let mut router = Router::new()
        .route("/api/v1/events", post(native::take))
        .route("/api/v1/events/", post(native::take))
        .route("/v1/logs", post(otlp::take))
        .route("/v1/logs/", post(otlp::take));
    for path in posthog::PATHS {
        router = router.route(path, post(posthog::take).options(browser::preflight));
    }
    for path in posthog::NEWER_PATHS {
        router = router.route(path, post(posthog::take_newer).options(browser::preflight));
    }
    for path in posthog::FLAG_PATHS {
        router = router.route(path, post(posthog::no_flags).options(browser::preflight));
    }
    for path in datadog::PATHS {
        router = router.route(path, post(datadog::take).options(browser::preflight));
    }
    router
}

/// Everything else: what catalogs themselves name, such as OpenClacky's own endpoints, or the path
/// of a reverse proxy that stands before this collector and cuts nothing off.
pub(crate) async fn elsewhere(State(app): State<Arc<App>>, request: Request) -> Response {
    let spoken = app.registry.at(request.uri().path()).map(|(_, dialect)| dialect).next();
    let Some(dialect) = spoken else { return routes::nowhere() };
    match (request.method(), dialect) {
        (&Method::OPTIONS, Dialect::PostHog | Dialect::Datadog) => {
            browser::preflight(request.headers().clone()).await
        }
        (&Method::POST, dialect) => match dialect {
            Dialect::Headcount => native::take(State(app), request).await,
            Dialect::Otlp => otlp::take(State(app), request).await,
            Dialect::PostHog => posthog::take(State(app), request).await,
            Dialect::Datadog => datadog::take(State(app), request).await,
            Dialect::Clacky => clacky::take(State(app), request).await,
            Dialect::Http => http::take(State(app), request).await,
        },
        _ => routes::otherwise().await,
    }
}

/// Reads a body, has its events judged, and waits until each of them has an outcome.
async fn outcomes(
    app: &App,
    (headers, body): (&HeaderMap, &mut Body),
    unnamed: Unnamed,
    judge: impl FnOnce(&mut Batch<'_>, &[u8]) -> Result<(), TurnedAway>,
) -> Result<Vec<Outcome>, TurnedAway> {
    let _place = app.requests.try_acquire().map_err(|_| TurnedAway::Busy)?;
    let judged: Judged = {
        let taken = body::read(headers, body, &app.bodies).await?;
        let mut batch = Batch::new(app, taken.bytes(), unnamed)?;
        judge(&mut batch, taken.bytes())?;
        batch.finish()
    };
    judged.settle(app).await
}

/// An answer in JSON.
fn json(status: StatusCode, text: impl Into<Body>) -> Response {
    crate::answer::of(status, "application/json", text)
}
