//! `GET /metrics`: every arrival by outcome, what the collector measures of
//! itself, and how it is, in Prometheus' text format and by its rules.
//!
//! Labels are of closed lists, or names of loaded products, so that no sender
//! can make more of them.

mod exposition;
mod histogram;
mod measurements;
mod process;
mod state;
mod traffic;
#[cfg(test)]
mod promtool;

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use headcount_store::{AnswerRows, OutcomeRow, ProductRow, Question};
use tokio::time::timeout;

use crate::answer;
use crate::app::App;
use crate::dropped_fields::DroppedFieldCount;
use crate::limits;
use exposition::{CONTENT_TYPE, Exposition, MetricKind};

pub(crate) use measurements::Measurements;

/// What the store says. It is left out if the store cannot answer: the rest
/// says why, and is needed most then.
#[derive(Default)]
struct FromStore {
    outcomes: Vec<OutcomeRow>,
    products: Vec<ProductRow>,
}

pub(crate) async fn show(State(app): State<Arc<App>>) -> Response {
    let asked = app.ask(vec![Question::Outcomes, Question::Products]);
    let answers = timeout(limits::METRICS_TIME, asked).await;
    let from_store = answers.ok().and_then(Result::ok).map(FromStore::of);
    let written = tokio::task::spawn_blocking(move || page(&app, from_store));
    match written.await {
        Ok(text) => answer::of(StatusCode::OK, CONTENT_TYPE, text),
        Err(_) => answer::internal_error(),
    }
}

impl FromStore {
    fn of(answers: Vec<AnswerRows>) -> Self {
        let mut from_store = Self::default();
        for answer in answers {
            match answer {
                AnswerRows::Outcomes(rows) => from_store.outcomes = rows,
                AnswerRows::Products(rows) => from_store.products = rows,
                _ => {}
            }
        }
        from_store
    }
}

/// All of it. It looks at files, so it may wait for the disk.
fn page(app: &App, from_store: Option<FromStore>) -> String {
    let mut page = Exposition::default();
    let help =
        "Whether the store answers: without it, the metrics of events and their days are missing.";
    let answers = u8::from(from_store.is_some());
    page.one(MetricKind::Gauge, "headcount_store_answers", help, answers);
    let FromStore { outcomes, products } = from_store.unwrap_or_default();
    events(&mut page, &outcomes, &app.dropped_fields.all());
    traffic::show(&mut page, app);
    state::show(&mut page, app, &products);
    process::ProcessFigures::read().show(&mut page);
    page.finish()
}

/// Outcomes come from the store and survive restarts. Fields are counted from
/// the collector's start.
fn events(page: &mut Exposition, rows: &[OutcomeRow], dropped: &[DroppedFieldCount]) {
    let help = "Events received, by outcome.";
    let mut family = page.family(MetricKind::Counter, "headcount_events_total", help);
    for row in rows {
        let labels =
            [("product", &*row.product), ("outcome", &*row.outcome), ("reason", &*row.reason)];
        family.sample(&labels, row.count);
    }
    let help = "Fields dropped from stored events since the collector started.";
    let mut family = page.family(MetricKind::Counter, "headcount_properties_dropped_total", help);
    for DroppedFieldCount { product, reason, count } in dropped {
        family.sample(&[("product", product), ("reason", reason.name())], count);
    }
}

#[cfg(test)]
mod tests {
    use headcount_catalog::Reason;

    use super::*;
    use crate::app::tests::TestApp;

    fn row(product: &str, outcome: &str, reason: &str, count: u64) -> OutcomeRow {
        let (product, outcome) = (product.to_owned(), outcome.to_owned());
        OutcomeRow { product, outcome, reason: reason.to_owned(), count }
    }

    #[test]
    fn one_line_an_outcome() {
        let mut page = Exposition::default();
        events(
            &mut page,
            &[row("atomic", "stored", "", 7), row("atomic", "rejected", "too-\"old\"", 1)],
            &[DroppedFieldCount { product: "atomic", reason: Reason::OutsideSet, count: 2 }],
        );
        assert_eq!(
            page.finish(),
            "# HELP headcount_events_total Events received, by outcome.\n\
             # TYPE headcount_events_total counter\n\
             headcount_events_total{product=\"atomic\",outcome=\"stored\",reason=\"\"} 7\n\
             headcount_events_total{product=\"atomic\",outcome=\"rejected\",reason=\"too-\\\"old\\\"\"} 1\n\
             # HELP headcount_properties_dropped_total Fields dropped from stored events since the collector started.\n\
             # TYPE headcount_properties_dropped_total counter\n\
             headcount_properties_dropped_total{product=\"atomic\",reason=\"outside-set\"} 2\n"
        );
    }

    /// A page with a sample of everything that can have one.
    fn whole_page() -> String {
        let mut test = TestApp::start();
        let measurements = &test.app.measurements;
        for route in crate::route_class::RouteClass::ALL {
            measurements.answered(route, std::time::Duration::from_millis(3));
        }
        measurements.commits.took(std::time::Duration::from_millis(1));
        measurements.commits.sized(3, 12);
        measurements.received(512);
        measurements.housekeeping.ended(true, test.app.now());
        test.app.answered_requests.count(StatusCode::OK);
        let today = test.app.today();
        let product =
            ProductRow { product: "smallest".to_owned(), first: today, last: today, events: 3 };
        let outcomes = vec![row("smallest", "stored", "", 3)];
        let text = page(&test.app, Some(FromStore { outcomes, products: vec![product] }));
        test.stop();
        text
    }

    #[test]
    fn promtool_has_nothing_to_complain_of() {
        let text = whole_page();
        assert_eq!(promtool::complaints(&text), [""; 0], "{text}");
    }

    /// Every name of ours in a file of `docs/operate`, and whether there is
    /// such a metric.
    #[test]
    fn every_metric_of_the_dashboard_and_the_alerts_is_there() {
        let page = whole_page();
        let families: Vec<_> = page
            .lines()
            .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
            .collect();
        let is_there = |name: &str| {
            let parts = ["_bucket", "_sum", "_count"];
            let of_histogram = parts.iter().find_map(|part| name.strip_suffix(part));
            families.contains(&name) || of_histogram.is_some_and(|name| families.contains(&name))
        };
        let mut found = 0;
        for text in [
            include_str!("../../../../docs/operate/grafana-dashboard.json"),
            include_str!("../../../../docs/operate/alerts.yml"),
        ] {
            let word = |letter: char| !(letter.is_ascii_alphanumeric() || letter == '_');
            let names = text
                .split(word)
                .filter(|name| name.starts_with("headcount_") || name.starts_with("process_"));
            for name in names {
                assert!(is_there(name), "there is no metric {name}");
                found += 1;
            }
        }
        assert!(found > 60, "{found}");
        // What is not on the dashboard is no use to anybody.
        let shown = include_str!("../../../../docs/operate/grafana-dashboard.json");
        for family in families {
            assert!(shown.contains(family), "{family} is not on the dashboard");
        }
    }
}
