//! The way of every request: read the body, judge its events, commit them.

use headcount_wire::Outcome;

use super::body::IncomingBody;
use super::rejection::Rejection;
use super::request_judge::{MissingId, RequestJudge};
use crate::app::App;

/// Reads a body, lets `judge` judge its events, and returns their outcomes once
/// they are on disk.
///
/// `judge` should fail before it judges the first event. If it fails later, the
/// events that it has judged are counted as refused, so the client must hear of
/// a transient failure.
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
        match judge(&mut request_judge, body.bytes()) {
            Ok(()) => request_judge.finish(),
            Err(_) if !request_judge.is_empty() => return Err(Rejection::Internal),
            Err(rejection) => return Err(rejection),
        }
    };
    judged.commit(app).await
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::sync::Arc;

    use axum::body::{Body, to_bytes};
    use axum::extract::State;
    use axum::http::HeaderMap;
    use headcount_catalog::Reason;

    use super::*;
    use crate::app::tests::TestApp;
    use crate::metrics;

    /// Judges two events, one of them malformed, and then runs `then`.
    async fn judged(
        app: Arc<App>,
        then: fn() -> Result<(), Rejection>,
    ) -> Result<Vec<Outcome>, Rejection> {
        let (headers, mut body) = (HeaderMap::new(), Body::from("two events"));
        let body = IncomingBody { headers: &headers, body: &mut body };
        let registry = app.registry();
        let product = registry.product("smallest").expect("the product of the catalog");
        outcomes(&app, body, MissingId::Reject, |judge, _| {
            judge.judge(product, |_| Err(Reason::Malformed));
            judge.judge(product, |_| Ok(Cow::Owned(headcount_catalog::Unchecked::default())));
            then()
        })
        .await
    }

    async fn counters(app: Arc<App>) -> String {
        let body = metrics::show(State(app)).await.into_body();
        let text = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(text.to_vec()).unwrap();
        let lines = text.lines().filter(|line| line.starts_with("headcount_events_total{"));
        lines.collect::<Vec<_>>().join("\n")
    }

    #[tokio::test]
    async fn a_late_rejection_is_a_transient_failure_and_counted() {
        let mut test = TestApp::start();
        let app = Arc::clone(&test.app);
        let late = judged(Arc::clone(&app), || Err(Rejection::UnknownKey)).await;
        assert_eq!(late, Err(Rejection::Internal));
        let response = Rejection::Internal.native();
        assert_eq!(response.status(), 503);
        assert!(response.headers().contains_key("retry-after"));
        judged(Arc::clone(&app), || Ok(())).await.unwrap();
        test.stop();
        assert_eq!(
            counters(app).await,
            "headcount_events_total{product=\"smallest\",outcome=\"refused\",reason=\"internal\"} 2\n\
             headcount_events_total{product=\"smallest\",outcome=\"rejected\",reason=\"malformed\"} 1\n\
             headcount_events_total{product=\"smallest\",outcome=\"rejected\",reason=\"unknown-event\"} 1"
        );
    }

    #[tokio::test]
    async fn events_of_a_request_that_panics_are_counted() {
        let mut test = TestApp::start();
        let app = Arc::clone(&test.app);
        let request = tokio::spawn(judged(Arc::clone(&app), || panic!("on purpose")));
        assert!(request.await.unwrap_err().is_panic());
        test.stop();
        assert_eq!(
            counters(app).await,
            "headcount_events_total{product=\"smallest\",outcome=\"refused\",reason=\"internal\"} 2"
        );
    }
}
