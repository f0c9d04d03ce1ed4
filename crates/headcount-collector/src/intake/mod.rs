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

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;
use axum::routing::MethodFilter;
use headcount_catalog::Dialect;
use headcount_wire::otlp::Signal;

use crate::access::Row;
use crate::answer;
use crate::app::App;

pub(crate) use body_buffer::body_memory;
pub(crate) use turned_away::turn_away;

/// The routes of the intake. Paths arrive canonical
/// (`server/canonical_path.rs`): without a slash at the end.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = vec![
        Row::write("/api/v1/events", native::handle),
        Row::write("/api/v1/forget", forget::handle),
        Row::write(Signal::Logs.path(), otlp::handle),
        Row::write(Signal::Traces.path(), otlp::handle_traces),
        Row::write(Signal::Metrics.path(), otlp::handle_metrics),
        Row::write(posthog::NEWER_PATH, posthog::handle_newer),
        Row::write(datadog::PATH, datadog::handle),
    ];
    rows.extend(posthog::PATHS.map(|path| Row::write(path, posthog::handle)));
    let flags = posthog::FLAG_PATHS;
    rows.extend(flags.map(|path| Row::open(MethodFilter::POST, path, posthog::feature_flags)));
    // What a browser asks before a page of another origin may send.
    let of_pages = [posthog::NEWER_PATH, datadog::PATH].into_iter().chain(posthog::PATHS);
    let preflight = |path| Row::open(MethodFilter::OPTIONS, path, cors::preflight);
    rows.extend(of_pages.chain(flags).map(preflight));
    rows
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
        (_, dialect) => {
            let allowed = match dialect {
                Dialect::PostHog | Dialect::Datadog => "OPTIONS,POST",
                _ => "POST",
            };
            let mut response = answer::method_not_allowed().await;
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
            response
        }
    }
}
