//! The way of every request: read the body, judge its events, commit them.

use headcount_wire::Outcome;

use super::body::IncomingBody;
use super::rejection::Rejection;
use super::request_judge::{MissingId, RequestJudge};
use crate::app::App;

/// Reads a body, lets `judge` judge its events, and returns their outcomes once they are on disk.
pub(super) async fn outcomes(
    app: &App,
    body: IncomingBody<'_>,
    missing_id: MissingId,
    judge: impl FnOnce(&mut RequestJudge<'_>, &[u8]) -> Result<(), Rejection>,
) -> Result<Vec<Outcome>, Rejection> {
    let _permit = app.requests.try_acquire().map_err(|_| Rejection::Busy)?;
    let judged = {
        let body = body.read(&app.body_memory).await?;
        let mut request_judge = RequestJudge::new(app, body.bytes(), missing_id)?;
        judge(&mut request_judge, body.bytes())?;
        request_judge.finish()
    };
    judged.commit(app).await
}
