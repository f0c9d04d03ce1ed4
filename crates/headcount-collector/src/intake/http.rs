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
use headcount_catalog::{Dialect, Reason};
use headcount_wire::{Json, Malformed, Outcome, http};

use super::body::IncomingBody;
use super::outcomes::outcomes;
use super::rejection::Rejection;
use super::request_judge::{MissingId, RequestJudge};
use super::write_key::NO_BEARER_KEY;
use super::{lines, write_key};
use crate::app::App;
use crate::registry::LoadedProduct;

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let outcomes = store(&app, &parts, &mut body).await;
    lines::respond(outcomes, &mut body).await
}

async fn store(app: &App, parts: &Parts, body: &mut Body) -> Result<Vec<Outcome>, Rejection> {
    let registry = app.registry();
    let product = match write_key::bearer(&parts.headers)? {
        Some(key) => write_key::product(app, &registry, key)?,
        None => write_key::only(app, &registry, parts.uri.path(), Dialect::Http, NO_BEARER_KEY)?,
    };
    let body = IncomingBody { headers: &parts.headers, body };
    outcomes(app, body, MissingId::Reject, |request_judge, body| {
        judge(request_judge, product, body)
    })
    .await
}

/// Judges every event of the list. If the body is not such a list, judges none.
pub(super) fn judge(
    request_judge: &mut RequestJudge<'_>,
    product: &LoadedProduct,
    body: &[u8],
) -> Result<(), Rejection> {
    for line in http::decode(body)?.events() {
        lines::judge(request_judge, product, line);
    }
    Ok(())
}

/// Whether a body that was read as lines may be this form instead. No line of a
/// queue has a list of objects in it, and a list may be longer than a line.
pub(super) fn may_be_list(lines: &Result<Vec<Result<Json<'_>, Reason>>, Malformed>) -> bool {
    match lines.as_deref() {
        Err(_) | Ok([Err(Reason::TooLong)]) => true,
        Ok([Ok(line)]) => match line.get("events") {
            Some(Json::List(events)) => events.iter().all(Json::is_object),
            _ => false,
        },
        Ok(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use headcount_wire::native;

    use super::*;

    #[test]
    fn a_list_of_events_is_told_from_lines() {
        let long = format!("{{\"v\":1,\"events\":[{}{{}}]}}", "{},".repeat(50_000));
        let over_lines = long.replace(',', ",\n");
        for list in ["{\"events\":[]}", " {\n \"v\":1, \"events\" : [ {} ] }", &long, &over_lines] {
            assert!(may_be_list(&native::decode(list.as_bytes())), "{}", list.len());
        }
        for line in [
            "",
            "{}",
            "[]",
            "{\"events\":1}",
            "{\"events\":[\"a\"]}",
            "{\"a\":{\"events\":[]}}",
            "{\"events\":[]}\n{}",
        ] {
            assert!(!may_be_list(&native::decode(line.as_bytes())), "{line}");
        }
    }
}
