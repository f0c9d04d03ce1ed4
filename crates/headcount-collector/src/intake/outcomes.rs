//! The way of every request: read the body, judge its events, commit them.

use std::sync::Arc;

use headcount_wire::Outcome;
use tokio::sync::oneshot;

use super::body::{IncomingBody, ReceivedBody};
use super::judge_body::{BodyRules, JudgedBody, judge_body};
use super::rejection::Rejection;
use crate::app::App;
use crate::inbox::SubmittedRequest;
use crate::registry::Registry;

/// What became of the events of a request.
pub(super) struct Answered {
    /// In the order of the body.
    pub(super) outcomes: Vec<Outcome>,
    /// Each event's id as it was sent, if the answer refers to it.
    pub(super) ids: Vec<Option<String>>,
}

/// A request that is in the inbox.
struct TakenIn {
    /// `None` if it has no events.
    request: Option<SubmittedRequest>,
    ids: Vec<Option<String>>,
}

/// Reads a body, judges its events by the catalogs of `registry`, and returns their outcomes once they are on
/// disk.
///
/// From the moment when the body is whole, nothing here waits for the client: a
/// request whose client has gone is taken in all the same.
pub(super) async fn outcomes(
    app: &Arc<App>,
    registry: Arc<Registry>,
    body: IncomingBody<'_>,
    rules: BodyRules,
) -> Result<Answered, Rejection> {
    let _permit = app.requests.try_acquire().map_err(|_| Rejection::Busy)?;
    let body = body.read(&app.body_memory).await?;
    let taken_in = if body.is_judged_at_once() {
        take_in(app, &registry, body, rules)?
    } else {
        let (answer, judged) = oneshot::channel();
        let on_thread = Arc::clone(app);
        let job = move || {
            let _ = answer.send(take_in(&on_thread, &registry, body, rules));
        };
        app.judge_queue.add(job).map_err(|_| Rejection::Busy)?;
        // Without an answer, the judge has panicked.
        judged.await.unwrap_or(Err(Rejection::Internal))?
    };
    let TakenIn { request, ids } = taken_in;
    let outcomes = match request {
        Some(request) => request.result().await?,
        None => Vec::new(),
    };
    Ok(Answered { outcomes, ids })
}

/// Judges a body and submits its events.
fn take_in(
    app: &App,
    registry: &Registry,
    body: ReceivedBody,
    rules: BodyRules,
) -> Result<TakenIn, Rejection> {
    let body = body.unpack(&app.body_memory)?;
    let mut desk = app.desks.take();
    let judged = judge_body(app, registry, &mut desk, rules, body.bytes());
    app.desks.leave(desk);
    let JudgedBody { arrivals, ids } = judged?;
    let request = (arrivals.len() > 0).then(|| app.inbox.submit(arrivals));
    Ok(TakenIn { request, ids })
}
