//! Bodies that are too large, requests for other hosts, and a store that fails.

use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use headcount_collector::{Collector, limits};
use headcount_store::{AnswerRows, Commit, Question, RowStatus, Store, StoreError};

use crate::client::{get, post, read};
use crate::fixture::{Fixture, line};
use crate::native::gzip;
use crate::otlp;
use crate::stores::{Failing, FailingStore};

#[test]
fn a_body_has_bounds_before_and_after_decompression() {
    let fixture = Fixture::new();
    let long = vec![b' '; limits::BODY_BYTES + 1];
    // 50 MB that compress to 48 KB.
    let bomb = gzip(&vec![b'\n'; 50_000_000]);
    assert!(bomb.len() < 60_000, "{}", bomb.len());
    for path in ["/api/v1/events", "/v1/logs"] {
        let send = |body: Vec<u8>, encoding: &str| {
            post(path, body)
                .key("atomic")
                .header("content-type", "application/json")
                .header("content-encoding", encoding)
        };
        for (request, told) in [
            (send(long.clone(), "identity"), "longer than 5 MiB"),
            (send(long.clone(), "identity").chunked(), "longer than 5 MiB"),
            (send(bomb.clone(), "gzip"), "decompressed body is longer than 20 MiB"),
            (send(bomb.clone(), "gzip").chunked(), "decompressed body is longer than 20 MiB"),
        ] {
            let answer = request.send(fixture.address());
            assert_eq!(answer.status, 413, "{answer:?}");
            assert!(answer.body.contains(told), "{answer:?}");
        }
    }
    assert_eq!(fixture.send(&[line(1)]).status, 200);
}

#[test]
fn a_request_with_too_many_events_is_rejected() {
    let fixture = Fixture::new();
    let answer = fixture.send(&vec!["{}".to_owned(); 10_001]);
    assert_eq!(answer.status, 413, "{answer:?}");
    assert!(answer.error().contains("more than 10000 events"), "{answer:?}");
}

#[test]
fn a_body_that_ends_early_counts_for_nothing() {
    let fixture = Fixture::new();
    let mut stream = TcpStream::connect(fixture.address()).unwrap();
    let head = "POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer atomic\r\n\
                content-length: 9999\r\n\r\n";
    stream.write_all(format!("{head}{}\n", line(1)).as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    // The client may or may not get an answer. Nothing is stored.
    drop(stream);
    assert_eq!(fixture.send(&[line(1)]).json()["accepted"], 1);
    assert_eq!(fixture.arrivals(), 1);
}

#[test]
fn only_this_machine_is_answered_in_development() {
    let fixture = Fixture::new();
    let port = fixture.address().port();
    for host in ["localhost", "127.0.0.1", "[::1]", &format!("localhost:{port}")] {
        let answer = get("/healthz").header("host", host).send(fixture.address());
        assert_eq!((answer.status, answer.body.as_str()), (200, "ok"), "{host}");
    }
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1"]
    {
        for path in ["/healthz", "/", "/metrics", "/api/v1/ask/events?product=atomic", "/nowhere"] {
            let answer = get(path).header("host", host).send(fixture.address());
            assert_eq!(answer.status, 421, "{host}: {answer:?}");
            assert!(answer.error().contains("answers requests to this machine only"), "{answer:?}");
        }
        let sent = post("/api/v1/events", line(1)).key("atomic").header("host", host);
        assert_eq!(sent.send(fixture.address()).status, 421);
    }
    let absolute = get("http://evil.example/healthz").send(fixture.address());
    assert_eq!(absolute.status, 421, "{absolute:?}");
    let twice = get("/healthz").header("host", "localhost").header("host", "evil.example");
    assert_ne!(twice.send(fixture.address()).status, 200);
    assert_eq!(fixture.arrivals(), 0);
}

#[test]
fn unknown_paths_and_methods_are_told() {
    let fixture = Fixture::new();
    let answer = fixture.get("/api/v1/event");
    assert_eq!(answer.status, 404);
    assert!(answer.error().contains("send events to /api/v1/events"), "{answer:?}");
    let answer = fixture.get("/api/v1/events");
    assert_eq!(answer.status, 405);
    assert!(answer.error().contains("send events with POST"), "{answer:?}");
    assert_eq!(answer.header("allow"), Some("POST"));
}

#[test]
fn requests_follow_each_other_on_one_connection() {
    let fixture = Fixture::new();
    let mut stream = TcpStream::connect(fixture.address()).unwrap();
    let head = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n";
    stream.write_all(format!("{head}\r\n{head}connection: close\r\n\r\n").as_bytes()).unwrap();
    let both = read(&mut stream);
    assert_eq!(both.status, 200);
    assert_eq!(both.body.matches("HTTP/1.1 200 OK").count(), 1, "{both:?}");
}

/// A store whose disk is full while the flag is set.
#[derive(Default)]
struct FullStore {
    full: AtomicBool,
    commits: Mutex<Vec<String>>,
}

impl Failing for FullStore {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        if self.full.load(Ordering::SeqCst) {
            return Err(StoreError::new("cannot commit: the disk is full; free some space"));
        }
        self.commits.lock().unwrap().push(format!("{:?}", commit.unstored));
        Ok(commit.rows.iter().map(|rows| vec![RowStatus::Stored; rows.len()]).collect())
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        match question {
            Question::Products => Ok(AnswerRows::Products(Vec::new())),
            _ => Err(StoreError::new("cannot read: the disk is gone")),
        }
    }
}

#[test]
fn a_store_that_fails_refuses_and_acknowledges_nothing() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let store = Arc::new(FailingStore::<FullStore>::default());
    store.0.full.store(true, Ordering::SeqCst);
    let running = Collector::start_on(fixture.config(), Arc::clone(&store) as Arc<dyn Store>);
    fixture.run(running.unwrap());
    for _ in 0..2 {
        let answer = fixture.send(&[line(1), line(2).replace("atomic_command", "invented")]);
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")), "{answer:?}");
        assert!(
            answer.error().contains("send the same request again after 1 second"),
            "{answer:?}"
        );
    }
    assert_eq!(*fixture.told.lock().unwrap(), ["cannot commit: the disk is full; free some space"]);
    store.0.full.store(false, Ordering::SeqCst);
    assert_eq!(fixture.send(&[line(1)]).json()["accepted"], 1);
    // The four arrivals of the refused requests are counted with the next
    // commit.
    let commits = store.0.commits.lock().unwrap().join("\n");
    assert!(commits.contains("store-failed") && commits.contains("count: 4"), "{commits}");
    assert!(!commits.contains("unknown-event"), "{commits}");

    store.0.full.store(true, Ordering::SeqCst);
    let export = otlp::body("atomic", &[line(1)]);
    let capture = crate::posthog::batch(&[crate::posthog::event(1)]);
    for (request, told) in [
        (post("/v1/logs", export).header("content-type", "application/json"), "\"code\":14"),
        (post("/batch/", capture.clone()), "\"error\":\"service_unavailable\""),
        (post("/i/v1/analytics/events", capture).key("archon"), "\"error_description\":"),
        (post("/api/v2/logs", crate::datadog::log(1).to_string()), "\"status\":\"503\""),
        (
            post("/api/v1/telemetry/task", crate::clacky::TASK),
            "\"error\":\"the collector could not",
        ),
    ] {
        let answer = request.send(fixture.address());
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")), "{answer:?}");
        assert!(answer.body.contains(told), "{answer:?}");
        assert!(answer.body.contains("send the same request again after 1 second"), "{answer:?}");
    }

    // The rest of them says why.
    let metrics = fixture.get("/metrics");
    assert_eq!(metrics.status, 200, "{metrics:?}");
    assert!(metrics.body.contains("headcount_store_answers 0\n"), "{metrics:?}");
    assert!(!metrics.body.contains("the disk is gone"), "{metrics:?}");
    for path in ["/api/v1/ask/events?product=atomic", "/product/atomic"] {
        let answer = fixture.get(path);
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(!answer.body.contains("the disk is gone"), "{answer:?}");
    }
    assert!(fixture.told.lock().unwrap().iter().any(|told| told.contains("the disk is gone")));
}
