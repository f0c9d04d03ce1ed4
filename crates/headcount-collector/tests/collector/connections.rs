//! Clients that close, half-close or stop in the middle, and what they hear.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use headcount_collector::limits;
use serde_json::Value as Json;

use crate::client::{Answer, Request, post, read};
use crate::fixture::{Fixture, line};
use crate::{clacky, datadog, otlp, posthog};

/// How many clients do the same at once.
const CLIENTS: u64 = 200;

/// The bytes of a request on a connection that stays open.
fn kept_open(fixture: &Fixture, number: u64) -> Vec<u8> {
    let request = post("/api/v1/events", line(number)).key("atomic");
    let text = String::from_utf8(request.bytes(fixture.address())).unwrap();
    text.replace("connection: close\r\n", "").into_bytes()
}

fn connect(fixture: &Fixture, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(fixture.address()).unwrap();
    stream.write_all(bytes).unwrap();
    stream
}

/// Waits until so many events have arrived. No answer says so.
fn await_arrivals(fixture: &Fixture, number: u64) {
    while fixture.arrivals() < number {
        std::thread::yield_now();
    }
}

#[test]
fn a_client_that_closes_after_its_request_has_sent_it() {
    let fixture = Fixture::new();
    for number in 0..CLIENTS {
        drop(connect(&fixture, &kept_open(&fixture, number)));
    }
    await_arrivals(&fixture, CLIENTS);
    assert_eq!(fixture.counter("atomic", "stored", ""), CLIENTS);
}

/// A reset tells the collector at once that nobody waits for the answer.
#[tokio::test]
async fn a_client_that_resets_after_its_request_has_sent_it() {
    let fixture = Fixture::new();
    for number in 0..CLIENTS {
        let stream = connect(&fixture, &kept_open(&fixture, number));
        stream.set_nonblocking(true).unwrap();
        let stream = tokio::net::TcpStream::from_std(stream).unwrap();
        stream.set_zero_linger().unwrap();
    }
    await_arrivals(&fixture, CLIENTS);
    assert_eq!(fixture.counter("atomic", "stored", ""), CLIENTS);
}

#[test]
fn a_half_close_is_answered() {
    let fixture = Fixture::new();
    let clients: Vec<TcpStream> = (0..CLIENTS)
        .map(|number| {
            let stream = connect(&fixture, &kept_open(&fixture, number));
            stream.shutdown(Shutdown::Write).unwrap();
            stream
        })
        .collect();
    for mut client in clients {
        let answer = read(&mut client);
        assert_eq!((answer.status, &answer.json()["accepted"]), (200, &1.into()), "{answer:?}");
    }
    // Several requests before the half-close are all answered.
    let three: Vec<u8> = (0..3).flat_map(|number| kept_open(&fixture, number)).collect();
    let mut stream = connect(&fixture, &three);
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    let answers: Vec<&str> = answers.split("HTTP/1.1 200 OK").skip(1).collect();
    assert_eq!(answers.len(), 3, "{answers:?}");
    assert!(answers.iter().all(|answer| answer.contains("\"rejected\":0")), "{answers:?}");
    fixture.assert_taken("atomic", CLIENTS, 3);
}

#[test]
fn a_stop_waits_for_requests_whose_clients_have_gone() {
    let mut fixture = Fixture::new();
    let lines: Vec<String> = (0..2_000).map(line).collect();
    let request = post("/api/v1/events", lines.join("\n")).key("atomic");
    let mut stream =
        connect(&fixture, &request.header("expect", "100-continue").bytes(fixture.address()));
    let mut wanted = [0; 25];
    stream.read_exact(&mut wanted).unwrap();
    drop(stream);
    fixture.stop();
    fixture.start();
    let stored = fixture.counter("atomic", "stored", "");
    assert_eq!(stored, 2_000);
}

/// Finds the message in an error of a dialect.
pub(crate) type Told = fn(&Json) -> Option<&str>;

/// A request in each dialect, and where its errors have their message.
pub(crate) fn requests() -> Vec<(Request, Told)> {
    let json = |request: Request| request.header("content-type", "application/json");
    let capture = posthog::batch(&[posthog::event(1)]);
    vec![
        (post("/api/v1/events", line(1)).key("atomic"), |json| json["error"].as_str()),
        (json(post("/v1/logs", otlp::body("atomic", &[line(1)]))), |json| {
            json["message"].as_str().filter(|_| json["code"] == 14)
        }),
        (post("/batch/", capture.clone()), |json| json["error_description"].as_str()),
        (post("/i/v1/analytics/events", capture).key("archon"), |json| {
            json["error_description"].as_str()
        }),
        (post("/api/v2/logs", datadog::log(1).to_string()), |json| {
            json["errors"][0]["detail"].as_str()
        }),
        (post("/api/v1/telemetry/task", clacky::TASK), |json| json["error"].as_str()),
    ]
}

/// The clients of every dialect send again after a 503. OTLP's drop their batch
/// after a 400 or 408.
#[test]
fn a_body_that_is_cut_short_can_be_sent_again() {
    let fixture = Fixture::new();
    for (request, told) in requests() {
        let bytes = request.bytes(fixture.address());
        for cut in [1, 2] {
            let mut stream = connect(&fixture, &bytes[..bytes.len() - cut]);
            stream.shutdown(Shutdown::Write).unwrap();
            let answer = read(&mut stream);
            assert_transient(&answer, told, "ended early");
        }
    }
    assert_eq!(fixture.arrivals(), 0);
    for (request, _) in requests() {
        let answer = request.send(fixture.address());
        assert!(answer.status < 300, "{answer:?}");
    }
}

#[track_caller]
fn assert_transient(answer: &Answer, told: Told, sentence: &str) {
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")), "{answer:?}");
    let json = answer.json();
    assert!(told(&json).is_some_and(|told| told.contains(sentence)), "{answer:?}");
}

#[test]
fn chunks_that_end_early_and_chunks_that_are_none() {
    let fixture = Fixture::new();
    let head = "POST /v1/logs HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer atomic\r\n\
                content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    for (chunks, status, told) in [
        ("2\r\n{}\r\n", 503, "ended early"),
        ("9\r\n{}", 503, "ended early"),
        ("2\r\n{}\r\n0\r\n", 503, "ended early"),
        ("x\r\n{}\r\n0\r\n\r\n", 400, "chunks are not valid HTTP"),
        ("2\r\n{}xx0\r\n\r\n", 400, "chunks are not valid HTTP"),
        ("2\r\n{}\r\n0\r\n\r\n", 200, "{}"),
    ] {
        let mut stream = connect(&fixture, format!("{head}{chunks}").as_bytes());
        stream.shutdown(Shutdown::Write).unwrap();
        let answer = read(&mut stream);
        assert_eq!(answer.status, status, "{chunks:?}: {answer:?}");
        assert!(answer.body.contains(told), "{chunks:?}: {answer:?}");
    }
}

#[test]
fn a_head_has_a_limit() {
    let fixture = Fixture::new();
    let cookie = format!("a={}", "b".repeat(limits::HEAD_BYTES / 2));
    let get = |times: usize| {
        let request = (0..times)
            .fold(crate::client::get("/healthz"), |request, _| request.header("cookie", &cookie));
        request.send(fixture.address()).status
    };
    assert_eq!((get(1), get(8)), (200, 431));
}
