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
use headcount_catalog::Dialect;
use headcount_wire::{Outcome, http};

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
    let product = match write_key::bearer(&parts.headers)? {
        Some(key) => write_key::product(app, key)?,
        None => write_key::only(app, parts.uri.path(), Dialect::Http, NO_BEARER_KEY)?,
    };
    let body = IncomingBody { headers: &parts.headers, body };
    outcomes(app, body, MissingId::Reject, |request_judge, body| {
        judge(request_judge, product, body)
    })
    .await
}

/// Judges every event of the list. If the body is not such a list, judges none.
fn judge(
    request_judge: &mut RequestJudge<'_>,
    product: &LoadedProduct,
    body: &[u8],
) -> Result<(), Rejection> {
    for line in http::decode(body)?.events() {
        lines::judge(request_judge, product, line);
    }
    Ok(())
}
