//! What an operator asks a collector: readiness, metrics, and the log.

use std::fs;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use headcount_catalog::{Day, Time};
use headcount_collector::{Collector, LogField, LogRecord, OperatorLog, RouteClass};
use headcount_store::{AnswerRows, Commit, Question, RowStatus, StoreError};
use serde_json::Value;

use crate::client::{get, post};
use crate::fixture::{Fixture, TODAY, line};
use crate::store_choice::only_embedded;
use crate::stores::{Failing, FailingStore};

/// The problems of the parts, by part.
fn problems(fixture: &Fixture) -> (u16, Vec<(String, String)>) {
    let answer = fixture.get("/readyz");
    let json = answer.json();
    assert_eq!(json["ready"] == true, answer.status == 200, "{answer:?}");
    let parts = json["parts"].as_array().unwrap().clone();
    let problem = |part: &Value| {
        assert_eq!(part["ok"] == true, part["problem"].is_null(), "{part}");
        let text = |key: &str| part[key].as_str().map(str::to_owned);
        Some((text("part")?, text("problem")?))
    };
    (answer.status, parts.iter().filter_map(problem).collect())
}

#[test]
fn a_collector_that_can_take_events_is_ready() {
    let fixture = Fixture::new();
    let answer = fixture.get("/readyz");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    for part in ["the writer", "a judge", "the housekeeper", "the store", "the server", "the clock"]
    {
        assert!(
            answer.body.contains(&format!("{{\"ok\":true,\"part\":\"{part}\"}}")),
            "{answer:?}"
        );
    }
    assert_eq!(problems(&fixture), (200, Vec::new()));
}

#[test]
fn a_folder_that_is_gone_is_not_ready_and_says_nothing_of_the_machine() {
    let fixture = Fixture::new();
    let data = fixture.home.path().join("data");
    fs::rename(&data, data.with_extension("away")).unwrap();
    let (status, told) = problems(&fixture);
    assert_eq!((status, told.len()), (503, 1), "{told:?}");
    assert_eq!(told[0].0, "the store");
    let home = fixture.home.path().display().to_string();
    assert!(!fixture.get("/readyz").body.contains(&home));
    assert_eq!(fixture.get("/healthz").status, 503);
    fs::rename(data.with_extension("away"), &data).unwrap();
    assert_eq!(problems(&fixture).0, 200);
}

/// A start does not help against a clock, so it is alive.
#[test]
fn a_clock_in_doubt_is_alive_and_not_ready() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let noon = Day::parse(TODAY).unwrap().start().seconds() + 43_200;
    let clock = Arc::new(AtomicI64::new(noon));
    let shown = Arc::clone(&clock);
    let mut config = fixture.config();
    config.clock = Arc::new(move || Time::from_seconds(shown.load(Ordering::SeqCst)));
    fixture.run(Collector::start(config).unwrap());
    assert_eq!(problems(&fixture).0, 200);
    clock.fetch_sub(5 * 86_400, Ordering::SeqCst);
    let (status, told) = problems(&fixture);
    assert_eq!((status, told[0].0.as_str()), (503, "the clock"));
    assert_eq!(fixture.get("/healthz").status, 200);
    assert!(fixture.get("/metrics").body.contains("\nheadcount_clock_in_doubt 1\n"));
    assert!(fixture.get("/metrics").body.contains("\nheadcount_ready 0\n"));
}

/// A store whose look at itself does not end until the test lets it.
struct SlowStore(Arc<Mutex<()>>);

impl Failing for SlowStore {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        Ok(commit.rows.iter().map(|rows| vec![RowStatus::Stored; rows.len()]).collect())
    }

    fn ask(&self, _: &Question) -> Result<AnswerRows, StoreError> {
        Ok(AnswerRows::Products(Vec::new()))
    }

    fn health(&self) -> Result<(), StoreError> {
        drop(self.0.lock().unwrap());
        Ok(())
    }
}

#[test]
fn health_does_not_wait_for_a_disk_that_hangs() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let hangs = Arc::new(Mutex::new(()));
    let store = Arc::new(FailingStore(SlowStore(Arc::clone(&hangs))));
    fixture.run(Collector::start_on(fixture.config(), store).unwrap());
    let held = hangs.lock().unwrap();
    // However often it is asked, and although each look hangs.
    for _ in 0..3 {
        let answer = fixture.get("/healthz");
        assert_eq!((answer.status, answer.body.as_str()), (200, "ok"));
    }
    let (status, told) = problems(&fixture);
    assert_eq!((status, told[0].0.as_str()), (503, "the store"), "{told:?}");
    assert!(told[0].1.contains("has not answered in time"));
    drop(held);
    assert_eq!(problems(&fixture).0, 200);
}

#[test]
fn requests_are_measured_by_route_and_never_by_path() {
    let fixture = Fixture::new();
    fixture.send(&[line(1), line(2)]);
    fixture.get("/canary-path?canary-query");
    post("/canary-path", "canary-body").key("canary-key").send(fixture.address());
    let metrics = fixture.get("/metrics").body;
    for line in [
        "headcount_request_duration_seconds_count{route=\"events\",dialect=\"native\"} 1",
        "headcount_request_duration_seconds_count{route=\"unknown\",dialect=\"\"} 2",
        "headcount_commit_events_count 1",
        "headcount_commit_events_sum 2",
        "headcount_request_body_bytes_count 1",
        "headcount_queued_events 0",
        "headcount_part_ready{part=\"writer\"} 1",
        "headcount_first_day_timestamp_seconds{product=\"atomic\"} 1795132800",
        "headcount_catalog_version{product=\"atomic\"} 1",
        "headcount_connections_shed_total 0",
        "headcount_connections_open 1",
    ] {
        assert!(metrics.lines().any(|own| own == line), "{line}\n{metrics}");
    }
    assert!(metrics.contains("headcount_build_info{version=\""), "{metrics}");
    assert!(!metrics.contains("canary"), "{metrics}");
    if only_embedded("there is no database file whose bytes can be measured") {
        let file = "headcount_store_file_bytes{file=\"database\"}";
        assert!(metrics.lines().any(|line| line.starts_with(file)), "{metrics}");
    }
}

/// The records that the operator reads.
fn listened(fixture: &mut Fixture) -> Arc<Mutex<Vec<LogRecord>>> {
    fixture.stop();
    let records = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&records);
    let mut config = fixture.config();
    config.log = OperatorLog::new(move |record| heard.lock().unwrap().push(record.clone()));
    fixture.run(Collector::start(config).unwrap());
    records
}

#[test]
fn what_is_refused_is_told_with_route_reason_and_product_and_nothing_else() {
    let mut fixture = Fixture::new();
    let records = listened(&mut fixture);
    let send = |path: &str, key: &str, body: &str| {
        post(path, body.to_owned()).key(key).send(fixture.address()).status
    };
    assert_eq!(send("/api/v1/events", "canary-key", "{}"), 401);
    assert_eq!(send("/api/v1/events", "atomic", "[canary"), 400);
    assert_eq!(send("/v1/logs", "atomic", "{}"), 415);
    assert_eq!(get("/api/v1/ask/canary").send(fixture.address()).status, 404);
    assert_eq!(send("/api/v1/events", "atomic", "{\"event\":\"canary\"}"), 200);
    let text = format!("{:?}", records.lock().unwrap());
    assert!(!text.contains("canary"), "{text}");
    let fields: Vec<_> =
        records.lock().unwrap().iter().map(|record| record.fields.clone()).collect();
    let one = LogField::Count(1);
    for expected in [
        vec![
            LogField::Route(RouteClass::Events),
            LogField::Status(401),
            LogField::Reason("unknown-key"),
            one,
        ],
        vec![
            LogField::Route(RouteClass::Events),
            LogField::Status(400),
            LogField::Reason("malformed"),
            LogField::Product("atomic"),
            one,
        ],
        vec![
            LogField::Route(RouteClass::Logs),
            LogField::Status(415),
            LogField::Reason("unknown-type"),
            one,
        ],
        vec![
            LogField::Route(RouteClass::Ask),
            LogField::Status(404),
            LogField::Reason("not-found"),
            one,
        ],
        vec![LogField::Product("atomic"), LogField::Reason("unknown-event"), one],
    ] {
        assert!(fields.contains(&expected), "{expected:?}: {fields:?}");
    }
}
