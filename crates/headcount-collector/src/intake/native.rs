//! `POST /api/v1/events`: NDJSON or a JSON array, under a product's own names.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use headcount_wire::native::{self, Answer};
use headcount_wire::{Json, Outcome, unchecked};

use super::batch::{Batch, Unnamed};
use super::turned_away::TurnedAway;
use super::{body, http, key};
use crate::app::App;
use crate::registry::Product;

pub(super) const NO_KEY: &str = "this request has no key: send `Authorization: Bearer KEY`; in development a product's name is one";

pub(super) async fn take(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let outcomes = outcomes(&app, &parts.headers, &mut body).await;
    answer(outcomes, &mut body).await
}

/// An outcome for each event, or why there is none.
pub(super) async fn answer(
    outcomes: Result<Vec<Outcome>, TurnedAway>,
    body: &mut Body,
) -> Response {
    match outcomes {
        Ok(outcomes) => super::json(StatusCode::OK, Answer { outcomes }.encode()),
        Err(turned_away) => {
            body::discard(body).await;
            turned_away.native()
        }
    }
}

async fn outcomes(
    app: &App,
    headers: &HeaderMap,
    body: &mut Body,
) -> Result<Vec<Outcome>, TurnedAway> {
    let key = key::bearer(headers)?.ok_or(TurnedAway::NoKey(NO_KEY))?;
    let product = key::product(&app.registry, app.access, key)?;
    super::outcomes(app, (headers, body), Unnamed::Rejected, |batch, body| {
        let lines = native::decode(body);
        // The plain form is posted wherever a host was told to: here, too.
        if http::may_be_list(&lines) && http::judge(batch, product, body).is_ok() {
            return Ok(());
        }
        for json in &lines? {
            judge(batch, product, json.as_ref().map_err(|reason| *reason));
        }
        Ok(())
    })
    .await
}

/// Judges one line.
pub(super) fn judge(
    batch: &mut Batch<'_>,
    product: &Product,
    line: Result<&Json<'_>, headcount_catalog::Reason>,
) {
    batch.judge(product, |_| line.and_then(unchecked).map(Cow::Owned));
}
