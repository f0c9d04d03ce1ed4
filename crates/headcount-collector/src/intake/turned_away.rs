//! The answer to a request that the door does not let in, as the clients of its
//! dialect expect it.

use axum::extract::Request;
use axum::response::Response;
use headcount_catalog::Dialect;

use super::rejection::Rejection;
use super::{body, cors, datadog, otlp, posthog};
use crate::app::App;
use crate::door::TurnedAway;

/// Says why a request is not let in. Its body is read and thrown away.
pub(crate) async fn turn_away(app: &App, request: Request, why: TurnedAway) -> Response {
    let (parts, body) = request.into_parts();
    let mut body = body;
    body::discard(&mut body).await;
    let rejection = Rejection::from(why);
    match dialect_at(app, parts.uri.path()) {
        Some(Dialect::Otlp) => otlp::rejected(&rejection, &parts.headers),
        Some(Dialect::PostHog) => cors::allow_any_origin(rejection.posthog()),
        Some(Dialect::Datadog) => cors::allow_any_origin(rejection.datadog()),
        _ => rejection.native(),
    }
}

/// The dialect of a path, if it has one.
fn dialect_at(app: &App, path: &str) -> Option<Dialect> {
    let is_posthog = path == posthog::NEWER_PATH
        || posthog::PATHS.contains(&path)
        || posthog::FLAG_PATHS.contains(&path);
    match path {
        "/v1/logs" | "/v1/traces" | "/v1/metrics" => Some(Dialect::Otlp),
        datadog::PATH => Some(Dialect::Datadog),
        _ if is_posthog => Some(Dialect::PostHog),
        _ => app.registry().at(path).map(|(_, dialect)| dialect).next(),
    }
}
