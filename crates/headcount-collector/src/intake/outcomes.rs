//! The way of every request: read the body, judge its events, commit them.

use std::mem;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use headcount_store::Refusal;
use headcount_wire::Outcome;
use tokio::sync::oneshot;

use super::body::{IncomingBody, ReceivedBody};
use super::judge_body::{BodyRules, JudgedBody, Owner, judge_body};
use super::rejection::Rejection;
use crate::app::App;
use crate::commit_answers::AwaitedAnswer;
use crate::plan::RejectedEvent;
use crate::registry::Registry;

/// What became of the events of a request.
pub(super) struct Answered {
    /// In the order of the body.
    pub(super) outcomes: Vec<Outcome>,
    /// The first rejected events that a catalog knows, each with its place in
    /// the body.
    pub(super) known_rejected: Vec<(usize, RejectedEvent)>,
    /// Each event's id as it was sent, if the answer refers to it.
    pub(super) ids: Vec<Option<String>>,
    /// Events that name a product without a catalog.
    pub(super) unclaimed: usize,
}

/// A request that is in the inbox.
struct TakenIn {
    /// `None` if it has no events.
    request: Option<AwaitedAnswer>,
    known_rejected: Vec<(usize, RejectedEvent)>,
    ids: Vec<Option<String>>,
    unclaimed: usize,
}

/// Reads a body, judges its events by the catalogs of `registry`, and returns
/// their outcomes once they are on disk.
///
/// From the moment when the body is whole, nothing here waits for the client: a
/// request whose client has gone is taken in all the same.
pub(super) async fn outcomes(
    app: &Arc<App>,
    registry: Arc<Registry>,
    body: IncomingBody<'_>,
    rules: BodyRules,
) -> Result<Answered, Rejection> {
    let answered = unnamed_outcomes(app, registry, body, rules).await;
    answered.map_err(|rejection| match rules.owner {
        Owner::Product(name) => rejection.of(name),
        Owner::Service { .. } | Owner::Key { .. } => rejection,
    })
}

/// The same; a rejection does not say of which product it is.
async fn unnamed_outcomes(
    app: &Arc<App>,
    registry: Arc<Registry>,
    body: IncomingBody<'_>,
    rules: BodyRules,
) -> Result<Answered, Rejection> {
    let body = body.read(&app.body_memory).await?;
    app.measurements.received(body.len());
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
    let TakenIn { request, known_rejected, ids, unclaimed } = taken_in;
    let outcomes = match request {
        Some(request) => request.result().await?,
        None => Vec::new(),
    };
    Ok(Answered { outcomes, known_rejected, ids, unclaimed })
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
    let JudgedBody { mut arrivals, ids, unclaimed } = judged?;
    app.clock_watch.hear(&arrivals.of_clock, app.now());
    if arrivals.of_clock.is_rejected_by_doubt {
        app.inbox.refuse(arrivals, Refusal::ClockInDoubt);
        return Err(Rejection::ClockInDoubt);
    }
    app.unclaimed_events.fetch_add(unclaimed as u64, Ordering::Relaxed);
    let known_rejected = mem::take(&mut arrivals.known_rejected);
    let request = (arrivals.len() > 0).then(|| app.inbox.submit(arrivals));
    Ok(TakenIn { request, known_rejected, ids, unclaimed })
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::HeaderMap;
    use headcount_catalog::Reason;
    use headcount_store::{AnswerRows, Question};
    use headcount_wire::flat::BodyForm;

    use super::*;
    use crate::app::tests::TestApp;
    use crate::batch::batch_head;
    use crate::limits;
    use crate::plan::Missing;

    async fn send(app: &Arc<App>, body: Vec<u8>) -> Result<Vec<Outcome>, Rejection> {
        let headers = HeaderMap::new();
        let rules = BodyRules {
            form: BodyForm::Native,
            owner: Owner::Product("smallest"),
            batch: batch_head(&headers),
            missing: Missing::Reject,
            outside: None,
        };
        let mut body = Body::from(body);
        let incoming = IncomingBody { headers: &headers, body: &mut body };
        unnamed_outcomes(app, app.registry(), incoming, rules)
            .await
            .map(|answered| answered.outcomes)
    }

    /// A body that is judged on another thread.
    fn large() -> (Vec<u8>, u64) {
        let lines = limits::JUDGED_AT_ONCE_BYTES / 3 + 1;
        ("{}\n".repeat(lines).into_bytes(), lines as u64)
    }

    fn counts(app: &App) -> Vec<(String, String, u64)> {
        let AnswerRows::Outcomes(rows) = app.store.ask(&Question::Outcomes).unwrap() else {
            panic!("outcomes")
        };
        rows.into_iter().map(|row| (row.outcome, row.reason, row.count)).collect()
    }

    #[tokio::test]
    async fn a_body_is_counted_as_a_whole_or_not_at_all() {
        let mut test = TestApp::start();
        let app = Arc::clone(&test.app);
        let unknown = Outcome::Rejected(Reason::UnknownEvent);
        assert_eq!(send(&app, b"{}\n{}".to_vec()).await, Ok(vec![unknown; 2]));
        // The end of the array is missing, after two whole events.
        let broken = send(&app, b"[{},{},".to_vec()).await;
        assert!(matches!(broken, Err(Rejection::Malformed(_))), "{broken:?}");
        let (body, lines) = large();
        assert_eq!(send(&app, body).await.unwrap().len() as u64, lines);
        test.stop();
        let expected = [("rejected".to_owned(), "unknown-event".to_owned(), lines + 2)];
        assert_eq!(counts(&app), expected);
    }

    /// As when a client closes its connection as soon as it has sent all.
    #[tokio::test]
    async fn a_whole_request_is_taken_in_even_if_its_client_has_gone() {
        let mut test = TestApp::start();
        let app = Arc::clone(&test.app);
        let (body, lines) = large();
        for body in [b"{}\n".to_vec(), body] {
            let mut request = Box::pin(send(&app, body));
            // The body is whole at once, so the first look submits it.
            std::future::poll_fn(|context| {
                let _ = request.as_mut().poll(context);
                std::task::Poll::Ready(())
            })
            .await;
            drop(request);
        }
        test.stop();
        let expected = [("rejected".to_owned(), "unknown-event".to_owned(), lines + 1)];
        assert_eq!(counts(&app), expected);
    }

    #[tokio::test]
    async fn a_judge_that_panics_is_an_internal_error_and_its_arrivals_are_counted() {
        let mut test = TestApp::start();
        let app = Arc::clone(&test.app);
        let (answer, judged) = oneshot::channel::<()>();
        let lost = Arc::clone(app.inbox.lost_arrivals());
        let job = move || {
            let _answer = answer;
            let mut arrivals = crate::arrival::Arrivals::new(&lost);
            let reason = Reason::Malformed;
            let event =
                crate::plan::RejectedEvent { reason, catalog: 1, event: None, property: None };
            let today = headcount_catalog::Day::from_number(20_777);
            let at = crate::arrival::RejectedAt { product: "smallest", today, program: None };
            arrivals.reject(&event, at);
            panic!("on purpose");
        };
        app.judge_queue.add(job).unwrap();
        assert!(judged.await.is_err());
        let response = Rejection::Internal.native();
        assert_eq!(response.status(), 503);
        assert!(response.headers().contains_key("retry-after"));
        // The thread goes on.
        let (body, lines) = large();
        assert_eq!(send(&app, body).await.unwrap().len() as u64, lines);
        test.stop();
        let expected = [("refused", "internal", 1), ("rejected", "unknown-event", lines)];
        assert_eq!(
            counts(&app),
            expected
                .map(|(outcome, reason, count)| { (outcome.to_owned(), reason.to_owned(), count) })
        );
    }
}
