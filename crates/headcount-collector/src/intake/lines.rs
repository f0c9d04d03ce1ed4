//! What the native dialect and the plain form have in common: the lines of the
//! queue, and the answer.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use headcount_wire::flat::BodyForm;
use headcount_wire::native::{BatchAnswer, RejectedPlace};

use super::body::{self, IncomingBody};
use super::judge_body::{BodyRules, Owner};
use super::outcomes::{Answered, outcomes};
use super::rejection::Rejection;
use crate::answer;
use crate::app::App;
use crate::batch::batch_head;
use crate::plan::{Missing, RejectedEvent};
use crate::registry::Registry;

/// Takes in the lines of one product. Each of them has an id and a time.
pub(super) async fn take_in(
    app: &Arc<App>,
    registry: Arc<Registry>,
    headers: &HeaderMap,
    body: &mut Body,
    form: BodyForm,
    product: &'static str,
) -> Result<Answered, Rejection> {
    let rules = BodyRules {
        form,
        owner: Owner::Product(product),
        batch: batch_head(headers),
        missing: Missing::Reject,
        outside: None,
    };
    outcomes(app, registry, IncomingBody { headers, body }, rules).await
}

/// Answers with the outcome of each event, or with the rejection of the
/// request.
pub(super) async fn respond(answered: Result<Answered, Rejection>, body: &mut Body) -> Response {
    match answered {
        Ok(Answered { outcomes, known_rejected, .. }) => {
            let answer = BatchAnswer { outcomes }.encode_with(|index| {
                let at = known_rejected.binary_search_by_key(&index, |(index, _)| *index);
                place(&known_rejected[at.ok()?].1)
            });
            answer::json(StatusCode::OK, answer)
        }
        Err(rejection) => {
            body::discard(body).await;
            rejection.native()
        }
    }
}

/// Where an event was rejected, if its catalog knows the event.
fn place(rejected: &RejectedEvent) -> Option<RejectedPlace<'static>> {
    let (property, kind) = rejected.property.unzip();
    let kind = kind.unwrap_or_default();
    Some(RejectedPlace { path: (rejected.event?, property), kind, catalog: rejected.catalog })
}
