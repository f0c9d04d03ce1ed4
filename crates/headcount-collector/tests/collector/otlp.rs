//! `POST /v1/logs`.

use headcount_catalog::{Checked, Encoding};
use headcount_wire::{Payload, Rate, otlp};
use serde_json::json;

use crate::client::{Answer, Request, post};
use crate::fixture::{Fixture, catalog, line};
use crate::native::gzip;

/// The body that OpenTelemetry's exporter for Python sent.
pub(crate) const PYTHON: &[u8] =
    include_bytes!("../../../headcount-wire/tests/clients/opentelemetry-python-1.45.2.pb");

pub(crate) fn body(product: &str, lines: &[String]) -> Vec<u8> {
    body_in(Encoding::Json, product, lines)
}

pub(crate) fn body_in(encoding: Encoding, product: &str, lines: &[String]) -> Vec<u8> {
    let catalog = catalog(product);
    let read = |line: &String| headcount_wire::read(&catalog, line).expect("a line that fits");
    let records: Vec<Checked> = lines.iter().map(read).collect();
    let payload = Payload {
        catalog: &catalog,
        records: &records,
        key: None,
        rate: Rate::WHOLE,
        home: headcount_wire::HomeLifetime::Lasting,
    };
    otlp::encode(&payload, encoding).expect("records that fit").body
}

fn logs(body: impl Into<Vec<u8>>) -> Request {
    post("/v1/logs", body).header("content-type", "application/json")
}

#[test]
fn what_a_host_encodes_is_stored_once() {
    let fixture = Fixture::new();
    let body = body("atomic", &[line(1), line(2)]);
    for path in ["/v1/logs", "/v1/logs/"] {
        let request =
            post(path, body.clone()).header("content-type", "application/json; charset=utf-8");
        let answer = request.send(fixture.address());
        assert_eq!((answer.status, answer.body.as_str()), (200, "{}"), "{answer:?}");
    }
    fixture.assert_taken("atomic", 2, 2);
    // The same event in the native dialect is a duplicate.
    fixture.send(&[line(1)]).assert_taken(0, 1);
    fixture.assert_taken("atomic", 2, 3);
}

#[test]
fn what_is_not_allowed_is_a_partial_success() {
    let fixture = Fixture::new();
    let body = String::from_utf8(body("atomic", &[line(1), line(2)])).unwrap();
    let body = body.replacen("atomic_command", "invented", 1);
    let answer = logs(body).send(fixture.address());
    assert_eq!(answer.status, 200, "{answer:?}");
    let partial = &answer.json()["partialSuccess"];
    assert_eq!(partial["rejectedLogRecords"], "1");
    assert!(partial["errorMessage"].as_str().unwrap().contains("unknown-event"));
    assert_eq!(fixture.counter("atomic", "stored", ""), 1);
    assert_eq!(fixture.counter("atomic", "rejected", "unknown-event"), 1);
}

#[test]
fn a_key_or_the_services_name_says_whose_it_is() {
    let fixture = Fixture::new();
    let encoded = String::from_utf8(body("atomic", &[line(1)])).unwrap();
    let renamed = encoded.replace("\"atomic\"", "\"somebody\"");
    assert_eq!(logs(renamed.clone()).key("atomic").send(fixture.address()).status, 200);
    let nameless = encoded.replace("service.name", "service.game");
    for (request, status, code, told) in [
        (logs(renamed), 404, 5, "unknown product: send the name in the catalog"),
        (logs(nameless), 401, 16, "name its product in `service.name`"),
        (logs(encoded).key("nobody"), 401, 16, "unknown write key"),
    ] {
        let answer = request.send(fixture.address());
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.json()["code"], code, "{answer:?}");
        assert!(answer.json()["message"].as_str().unwrap().contains(told), "{answer:?}");
    }
    assert_eq!(fixture.arrivals(), 1);
}

#[test]
fn empty_exports_and_other_content_types() {
    let fixture = Fixture::new();
    for empty in ["{}", "{\"resourceLogs\":[]}", "{\"resourceLogs\":[{\"resource\":{}}],\"new\":1}"]
    {
        let answer = logs(empty).send(fixture.address());
        assert_eq!((answer.status, answer.body.as_str()), (200, "{}"), "{answer:?}");
    }
    for kind in ["text/plain", "application/grpc", "application/jsonl", ""] {
        let answer = post("/v1/logs", "{}").header("content-type", kind).send(fixture.address());
        assert_eq!(answer.status, 415, "{answer:?}");
        let told = answer.json()["message"].as_str().unwrap().to_owned();
        assert!(told.contains("unsupported Content-Type"), "{answer:?}");
    }
    let answer = logs(json!([1]).to_string()).send(fixture.address());
    assert_eq!((answer.status, &answer.json()["code"]), (400, &json!(3)), "{answer:?}");
    assert_eq!(fixture.arrivals(), 0);
}

fn messages(body: impl Into<Vec<u8>>) -> Request {
    post("/v1/logs", body).header("content-type", "application/x-protobuf")
}

/// Checks an error in protocol buffers.
#[track_caller]
fn told(answer: &Answer, status: u16, code: u8, sentence: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/x-protobuf"));
    // google.rpc.Status: code = 1, message = 2.
    assert_eq!(answer.bytes[..3], [0x08, code, 0x12], "{answer:?}");
    assert!(answer.body.contains(sentence), "{answer:?}");
}

#[test]
fn protocol_buffers_are_answered_in_kind() {
    let fixture = Fixture::new();
    let body = body_in(Encoding::Protobuf, "atomic", &[line(1), line(2)]);
    for request in [
        messages(body.clone()),
        messages(gzip(&body)).header("content-encoding", "gzip").chunked(),
        post("/v1/logs/", body.clone()).header("Content-Type", "Application/X-Protobuf; v=1"),
    ] {
        let answer = request.send(fixture.address());
        assert_eq!((answer.status, answer.bytes.len()), (200, 0), "{answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/x-protobuf"));
    }
    fixture.assert_taken("atomic", 2, 4);
    let answer = messages(Vec::new()).send(fixture.address());
    assert_eq!((answer.status, answer.bytes.len()), (200, 0), "{answer:?}");

    let python = messages(gzip(PYTHON)).header("content-encoding", "gzip").send(fixture.address());
    assert_eq!((python.status, python.bytes.len()), (200, 0), "{python:?}");
    assert_eq!(fixture.dropped_fields("atomic", "unknown-property"), 5);

    let place = body.windows(14).position(|bytes| bytes == b"atomic_command").unwrap();
    let mut unknown = body.clone();
    unknown[place..place + 14].copy_from_slice(b"atomic_invents");
    let answer = messages(unknown).send(fixture.address());
    // ExportLogsServiceResponse.partial_success = 1: rejected_log_records = 1,
    // error_message = 2.
    assert_eq!((answer.status, &answer.bytes[..1]), (200, &[0x0a][..]), "{answer:?}");
    assert_eq!(answer.bytes[2..5], [0x08, 1, 0x12], "{answer:?}");
    assert!(answer.body.contains("1 log records were rejected: unknown-event"), "{answer:?}");

    let cut = messages(&body[..body.len() - 1]).send(fixture.address());
    told(&cut, 400, 3, "not a complete OTLP request");
    told(
        &messages(body.clone()).key("nobody").send(fixture.address()),
        401,
        16,
        "unknown write key",
    );
    let place = body.windows(6).position(|bytes| bytes == b"atomic").unwrap();
    let mut renamed = body.clone();
    renamed[place..place + 6].copy_from_slice(b"nobody");
    told(&messages(renamed).send(fixture.address()), 404, 5, "unknown product");
    let brotli = messages(body).header("content-encoding", "br").send(fixture.address());
    told(&brotli, 415, 3, "`Content-Encoding: gzip`");
}

/// OpenTelemetry's SDKs make no ids, and export the same bytes again if they
/// get no answer.
#[test]
fn records_without_an_id_are_told_apart_by_their_place() {
    let fixture = Fixture::new();
    let body = String::from_utf8(body("atomic", &[line(1), line(1)])).unwrap();
    let body = body.replace("eventId", "foreign");
    for _ in 0..2 {
        let answer = logs(body.clone()).send(fixture.address());
        assert_eq!((answer.status, answer.body.as_str()), (200, "{}"), "{answer:?}");
    }
    fixture.assert_taken("atomic", 2, 2);
}
