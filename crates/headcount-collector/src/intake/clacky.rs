//! OpenClacky's own endpoints, `POST /api/v1/telemetry/startup` and `/task`: one event a request,
//! whose name is in the path. Its id and its time are made here, at its arrival.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use headcount_catalog::{Dialect, EventId};
use headcount_wire::{Outcome, clacky};

use super::batch::Unnamed;
use super::turned_away::TurnedAway;
use super::{batch, body, key};
use crate::app::App;

const NO_KEY: &str = "this request has no key, and more than one product could have sent it: send \
                      `Authorization: Bearer KEY`; in development a product's name is one";

pub(super) async fn take(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    match outcomes(&app, &parts, &mut body).await.map(|outcomes| refusal(&outcomes)) {
        Ok(None) => super::json(StatusCode::OK, clacky::encode_answer()),
        Ok(Some(turned_away)) => turned_away.native(),
        Err(turned_away) => {
            body::discard(&mut body).await;
            turned_away.native()
        }
    }
}

async fn outcomes(app: &App, parts: &Parts, body: &mut Body) -> Result<Vec<Outcome>, TurnedAway> {
    let path = parts.uri.path();
    let product = match key::bearer(&parts.headers)? {
        Some(key) => key::product(&app.registry, app.access, key)?,
        None => key::only(&app.registry, app.access, (path, Dialect::Clacky), NO_KEY)?,
    };
    let event = product.event_at(path).ok_or(TurnedAway::NoEvent(product.name()))?;
    let now = app.now();
    let mut random = [0; 16];
    random.copy_from_slice(&batch::random(app)?[..16]);
    super::outcomes(app, (&parts.headers, body), Unnamed::Rejected, |batch, body| {
        let payload = clacky::decode(body)?;
        batch.judge(product, |catalog| {
            let mut unchecked = payload.unchecked(catalog, event.name)?;
            unchecked.given.id = Some(EventId::new(now.day(), random));
            unchecked.given.time = Some(now);
            Ok(Cow::Owned(unchecked))
        });
        Ok(())
    })
    .await
}

/// A request is one event: why that was not taken is why the request was not.
fn refusal(outcomes: &[Outcome]) -> Option<TurnedAway> {
    let reason = outcomes.iter().find_map(|outcome| outcome.reason())?;
    Some(TurnedAway::Rejected(reason))
}
