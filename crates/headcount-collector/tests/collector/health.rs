//! A collector that has lost its folder, its clock or a part of its own.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;

use headcount_catalog::{Day, Time};
use headcount_collector::{Collector, OperatorLog};
use headcount_store::{
    AnswerRows, Commit, OutcomeRow, Question, RowStatus, SpoolFill, StoreError, StoreProblem,
};

use crate::client::post;
use crate::fixture::{Fixture, TODAY, line, line_of};
use crate::otlp;
use crate::store_choice::is_embedded;
use crate::stores::{Failing, FailingStore};

#[track_caller]
fn assert_gone(fixture: &Fixture) {
    let health = fixture.get("/healthz");
    assert_eq!(health.status, 503, "{health:?}");
    assert!(health.body.contains("the store cannot commit"), "{health:?}");
    let answer = fixture.send(&[line(2)]);
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")), "{answer:?}");
    assert!(answer.error().contains("could not write the events to disk"), "{answer:?}");
    let told = fixture.told.lock().unwrap();
    assert!(told.iter().any(|told| told.contains("was removed or replaced")), "{told:?}");
}

#[test]
fn a_folder_that_is_removed_is_noticed() {
    let fixture = Fixture::new();
    assert_eq!(fixture.send(&[line(1)]).status, 200);
    assert_eq!(fixture.get("/healthz").body, "ok");
    fs::remove_dir_all(fixture.home.path().join("data")).unwrap();
    assert_gone(&fixture);
    // Another one at its place is not the same.
    fs::create_dir(fixture.home.path().join("data")).unwrap();
    assert_gone(&fixture);
}

#[test]
fn a_store_that_is_removed_or_replaced_is_noticed() {
    let fixture = Fixture::new();
    fixture.send(&[line(1)]);
    let file = if is_embedded() { "data/headcount.db" } else { "data/spool/spool.lock" };
    let file = fixture.home.path().join(file);
    let backup = fixture.home.path().join("backup");
    fs::copy(&file, &backup).unwrap();
    fs::remove_file(&file).unwrap();
    assert_gone(&fixture);
    fs::rename(&backup, &file).unwrap();
    assert_gone(&fixture);
}

/// Once it is back where it was, nothing is lost.
#[test]
fn a_folder_that_is_moved_and_put_back() {
    let fixture = Fixture::new();
    let (data, away) = (fixture.home.path().join("data"), fixture.home.path().join("away"));
    fs::rename(&data, &away).unwrap();
    assert_gone(&fixture);
    fs::rename(&away, &data).unwrap();
    assert_eq!(fixture.get("/healthz").body, "ok");
    let answer = fixture.send(&[line(2), line(3)]).json();
    assert_eq!(answer["rejected"], 0, "{answer}");
    fixture.send(&[line(2)]).assert_taken(0, 1);
    fixture.assert_taken("atomic", 2, 1);
}

/// A store that cannot commit, and does not know it.
struct BrokenStore;

impl Failing for BrokenStore {
    fn append(&self, _: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        Err(StoreError::new("cannot commit"))
    }

    fn ask(&self, _: &Question) -> Result<AnswerRows, StoreError> {
        Ok(AnswerRows::Products(Vec::new()))
    }
}

#[test]
fn a_writer_that_dies_is_noticed_and_ends_the_collector() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let mut config = fixture.config();
    let log = config.log.clone();
    config.log = OperatorLog::new(move |record| {
        assert_ne!(thread::current().name(), Some("headcount-writer"), "on purpose");
        log.tell(record);
    });
    let running = Collector::start_on(config, Arc::new(FailingStore(BrokenStore))).unwrap();
    let failure = running.failure_watch();
    fixture.run(running);
    assert_eq!(fixture.get("/healthz").body, "ok");
    let answer = fixture.send(&[line(1)]);
    assert_eq!(answer.status, 503, "{answer:?}");
    let message = failure.wait().expect("a failure");
    assert_eq!(message, "the writer has ended by itself: restart the collector");
    let health = fixture.get("/healthz");
    assert_eq!((health.status, health.body), (503, message.clone()));
    assert_eq!(fixture.send(&[line(1)]).status, 503);
    assert!(fixture.told.lock().unwrap().contains(&message));
}

#[test]
fn a_stop_is_not_a_failure() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let running = Collector::start(fixture.config()).unwrap();
    let failure = running.failure_watch();
    let waiting = thread::spawn(move || failure.wait());
    running.stop();
    assert_eq!(waiting.join().unwrap(), None);
    assert_eq!(*fixture.told.lock().unwrap(), Vec::<String>::new());
}

/// A collector with a clock that the test sets, also back.
fn with_clock(fixture: &mut Fixture) -> Arc<AtomicI64> {
    fixture.stop();
    let noon = Day::parse(TODAY).unwrap().start().seconds() + 43_200;
    let clock = Arc::new(AtomicI64::new(noon));
    let shown = Arc::clone(&clock);
    let mut config = fixture.config();
    config.clock = Arc::new(move || Time::from_seconds(shown.load(Ordering::SeqCst)));
    fixture.run(Collector::start(config).unwrap());
    clock
}

const DAY: i64 = 86_400;

#[track_caller]
fn assert_in_doubt(fixture: &Fixture) {
    let answer = fixture.send(&[line(1), line_of(2, TODAY, "update")]);
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("60")), "{answer:?}");
    assert!(answer.error().contains("the collector's clock seems to be wrong"), "{answer:?}");
    let export = post("/v1/logs", otlp::body("atomic", &[line(1)]))
        .header("content-type", "application/json")
        .send(fixture.address());
    assert_eq!((export.status, &export.json()["code"]), (503, &14.into()), "{export:?}");
    assert_eq!(fixture.counter("atomic", "rejected", "in-the-future"), 0);
}

#[test]
fn a_clock_that_is_set_back_rejects_nothing() {
    let mut fixture = Fixture::new();
    let clock = with_clock(&mut fixture);
    let future = line_of(9, "2026-11-25", "update");
    assert_eq!(fixture.send(&[future]).json()["rejected"], 1, "this clock is not in doubt");
    assert_eq!(fixture.counter("atomic", "rejected", "in-the-future"), 1);
    clock.fetch_sub(5 * DAY, Ordering::SeqCst);
    let answer = fixture.send(&[line(1)]);
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("60")), "{answer:?}");
    // What is not in the future is taken.
    let earlier = line_of(3, "2026-11-15", "update");
    assert_eq!(fixture.send(&[earlier]).json()["accepted"], 1);
    clock.fetch_add(5 * DAY, Ordering::SeqCst);
    assert_eq!(fixture.send(&[line(1)]).json()["accepted"], 1);
    assert_eq!(fixture.counter("atomic", "refused", "clock-in-doubt"), 1);
    assert_eq!(fixture.counter("atomic", "rejected", "in-the-future"), 1);
}

#[test]
fn a_clock_that_is_behind_the_stored_days_rejects_nothing() {
    let mut fixture = Fixture::new();
    fixture.send(&[line(7)]);
    for days in [3, 20_000] {
        fixture.stop();
        let noon = Day::parse(TODAY).unwrap().start().seconds() + 43_200;
        let mut config = fixture.config();
        config.clock = Arc::new(move || Time::from_seconds(noon - days * DAY));
        fixture.run(Collector::start(config).unwrap());
        assert_in_doubt(&fixture);
    }
    fixture.stop();
    fixture.start();
    assert_eq!(fixture.send(&[line(1), line(2)]).json()["accepted"], 2);
}

/// A store whose server is away: it commits, and cannot answer.
struct WaitingStore;

impl Failing for WaitingStore {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        Ok(commit.rows.iter().map(|rows| vec![RowStatus::Stored; rows.len()]).collect())
    }

    fn ask(&self, _: &Question) -> Result<AnswerRows, StoreError> {
        Err(StoreError::new("cannot reach the server"))
    }

    fn problems(&self) -> Vec<StoreProblem> {
        vec![StoreProblem { part: "the server", problem: "it takes no events" }]
    }

    fn waiting(&self) -> Option<SpoolFill> {
        Some(SpoolFill { batches: 3, bytes: 4_096 })
    }
}

#[test]
fn a_store_that_waits_for_a_server_takes_events_and_says_so() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let store = Arc::new(FailingStore(WaitingStore));
    fixture.run(Collector::start_on(fixture.config(), store).unwrap());
    assert_eq!(fixture.send(&[line(1)]).status, 200);
    assert_eq!(fixture.get("/healthz").status, 200);
    let ready = fixture.get("/readyz");
    assert_eq!((ready.status, &ready.json()["ready"]), (200, &serde_json::json!(true)));
    let wrong = serde_json::json!({
        "part": "the server", "ok": false, "problem": "it takes no events"
    });
    assert!(ready.json()["parts"].as_array().unwrap().contains(&wrong), "{ready:?}");
    let metrics = fixture.get("/metrics").body;
    let part = "headcount_part_ready{part=\"server\"} 0\n";
    let spool = ["headcount_spool_batches 3\n", "headcount_spool_bytes 4096\n"];
    for line in [spool[0], spool[1], part, "headcount_store_answers 0\n"] {
        assert!(metrics.contains(line), "no {line} in {metrics}");
    }
    let page = fixture.get("/");
    assert_eq!(page.status, 503);
    assert!(page.body.contains("the server: it takes no events."), "{}", page.body);
}

/// A store that goes away while a page is drawn: it answers what a page asks
/// first, and nothing else.
struct LeavingStore;

impl Failing for LeavingStore {
    fn append(&self, _: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        Err(StoreError::new("cannot reach the server"))
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        let outcome = OutcomeRow {
            product: "atomic".to_owned(),
            outcome: "stored".to_owned(),
            reason: String::new(),
            count: 1,
        };
        match question {
            Question::Products => Ok(AnswerRows::Products(Vec::new())),
            Question::Versions { .. } => Ok(AnswerRows::Versions(Vec::new())),
            Question::Outcomes => Ok(AnswerRows::Outcomes(vec![outcome])),
            _ => Err(StoreError::new("cannot reach the server")),
        }
    }
}

#[test]
fn a_page_that_has_begun_says_that_its_numbers_cannot_be_had() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let store = Arc::new(FailingStore(LeavingStore));
    fixture.run(Collector::start_on(fixture.config(), store).unwrap());
    for path in ["/", "/product/atomic"] {
        let page = fixture.get(path);
        assert_eq!((page.status, page.header("x-accel-buffering")), (200, Some("no")), "{page:?}");
        for said in ["The store cannot answer right now.", "data-failed=\"yes\"", "</main>"] {
            assert_eq!(page.body.matches(said).count(), 1, "{path} {said}: {}", page.body);
        }
    }
}
