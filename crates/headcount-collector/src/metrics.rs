//! `GET /metrics`: a counter of all arrivals by outcome, and what is counted
//! from the collector's start: fields that were dropped from stored events,
//! events that name a product without a catalog, and answered requests.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use headcount_store::{AnswerRows, OutcomeRow, Question};

use crate::answer;
use crate::app::App;
use crate::dropped_fields::DroppedFieldCount;

/// The content type of Prometheus' text format.
const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(crate) async fn show(State(app): State<Arc<App>>) -> Response {
    match app.ask(vec![Question::Outcomes]).await {
        Err(unavailable) => unavailable.into(),
        Ok(answers) => {
            let rows = answers.into_iter().find_map(|answer| match answer {
                AnswerRows::Outcomes(rows) => Some(rows),
                _ => None,
            });
            let mut text = text(&rows.unwrap_or_default(), &app.dropped_fields.all());
            add_since_start(&mut text, &app);
            answer::of(StatusCode::OK, CONTENT_TYPE, text)
        }
    }
}

/// Outcomes come from the store and survive restarts. Fields are counted from
/// the collector's start.
fn text(rows: &[OutcomeRow], dropped: &[DroppedFieldCount]) -> String {
    let mut text = String::from(
        "# HELP headcount_events_total Events received, by outcome.\n\
         # TYPE headcount_events_total counter\n",
    );
    for row in rows {
        // Writing into a `String` cannot fail.
        let _ = writeln!(
            text,
            "headcount_events_total{{product=\"{}\",outcome=\"{}\",reason=\"{}\"}} {}",
            label(&row.product),
            label(&row.outcome),
            label(&row.reason),
            row.count
        );
    }
    text.push_str(
        "# HELP headcount_properties_dropped_total Fields dropped from stored events since the \
         collector started.\n\
         # TYPE headcount_properties_dropped_total counter\n",
    );
    for DroppedFieldCount { product, reason, count } in dropped {
        let _ = writeln!(
            text,
            "headcount_properties_dropped_total{{product=\"{}\",reason=\"{reason}\"}} {count}",
            label(product),
        );
    }
    text
}

fn add_since_start(text: &mut String, app: &App) {
    let unclaimed = app.unclaimed_events.load(Ordering::Relaxed);
    // Writing into a `String` cannot fail.
    let _ = write!(
        text,
        "# HELP headcount_unclaimed_events_total Events rejected since the collector started, because \
         they name a product without a catalog.\n\
         # TYPE headcount_unclaimed_events_total counter\n\
         headcount_unclaimed_events_total {unclaimed}\n\
         # HELP headcount_requests_total Requests answered since the collector started, by status.\n\
         # TYPE headcount_requests_total counter\n"
    );
    for (status, count) in app.answered_requests.all() {
        let _ = writeln!(text, "headcount_requests_total{{status=\"{status}\"}} {count}");
    }
}

fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use headcount_catalog::Reason;

    use super::*;

    #[test]
    fn one_line_an_outcome() {
        let row = |outcome: &str, reason: &str, count| OutcomeRow {
            product: "atomic".to_owned(),
            outcome: outcome.to_owned(),
            reason: reason.to_owned(),
            count,
        };
        assert_eq!(
            text(
                &[row("stored", "", 7), row("rejected", "too-\"old\"", 1)],
                &[DroppedFieldCount { product: "atomic", reason: Reason::OutsideSet, count: 2 }]
            ),
            "# HELP headcount_events_total Events received, by outcome.\n\
             # TYPE headcount_events_total counter\n\
             headcount_events_total{product=\"atomic\",outcome=\"stored\",reason=\"\"} 7\n\
             headcount_events_total{product=\"atomic\",outcome=\"rejected\",reason=\"too-\\\"old\\\"\"} 1\n\
             # HELP headcount_properties_dropped_total Fields dropped from stored events since the collector started.\n\
             # TYPE headcount_properties_dropped_total counter\n\
             headcount_properties_dropped_total{product=\"atomic\",reason=\"outside-set\"} 2\n"
        );
    }
}
