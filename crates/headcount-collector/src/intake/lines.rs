//! Lines of the queue: what the native dialect and the plain form have in
//! common.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use headcount_catalog::Reason;
use headcount_wire::native::BatchAnswer;
use headcount_wire::{Json, Outcome, unchecked};

use super::body;
use super::rejection::Rejection;
use super::request_judge::RequestJudge;
use crate::answer;
use crate::registry::LoadedProduct;

/// Judges one line.
pub(super) fn judge(
    request_judge: &mut RequestJudge<'_>,
    product: &LoadedProduct,
    line: Result<&Json<'_>, Reason>,
) {
    request_judge.judge(product, |_| line.and_then(unchecked).map(Cow::Owned));
}

/// Answers with the outcome of each event, or with the rejection of the
/// request.
pub(super) async fn respond(
    outcomes: Result<Vec<Outcome>, Rejection>,
    body: &mut Body,
) -> Response {
    match outcomes {
        Ok(outcomes) => answer::json(StatusCode::OK, BatchAnswer { outcomes }.encode()),
        Err(rejection) => {
            body::discard(body).await;
            rejection.native()
        }
    }
}
