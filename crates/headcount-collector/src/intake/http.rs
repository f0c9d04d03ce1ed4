//! The plain form: `{"events":[…]}`, the lines of the queue in a list.
//!
//! It has no path of its own: it is taken where a catalog's destination of this kind posts it, and at
//! `/api/v1/events` beside the native form. Its answer is the native one, which says more than its
//! clients ask.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use headcount_catalog::{Dialect, Reason};
use headcount_wire::{Json, Malformed, Outcome, http};

use super::batch::{Batch, Unnamed};
use super::turned_away::TurnedAway;
use super::{key, native};
use crate::app::App;
use crate::registry::Product;

pub(super) async fn take(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let outcomes = outcomes(&app, &parts, &mut body).await;
    native::answer(outcomes, &mut body).await
}

async fn outcomes(app: &App, parts: &Parts, body: &mut Body) -> Result<Vec<Outcome>, TurnedAway> {
    let headers: &HeaderMap = &parts.headers;
    let product = match key::bearer(headers)? {
        Some(key) => key::product(&app.registry, app.access, key)?,
        None => {
            let here = (parts.uri.path(), Dialect::Http);
            key::only(&app.registry, app.access, here, native::NO_KEY)?
        }
    };
    super::outcomes(app, (headers, body), Unnamed::Rejected, |batch, body| {
        judge(batch, product, body)
    })
    .await
}

/// Judges every event of the list. Where it is none, none is judged.
pub(super) fn judge(
    batch: &mut Batch<'_>,
    product: &Product,
    body: &[u8],
) -> Result<(), TurnedAway> {
    for line in http::decode(body)?.events() {
        native::judge(batch, product, line);
    }
    Ok(())
}

/// Whether what was read as lines may be this form: no line of a queue has a list of objects in it,
/// and no list is bound to be as short as a line.
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
