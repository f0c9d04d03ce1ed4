//! `POST /api/v2/logs`, with requests as Datadog's official clients send them.

use headcount_catalog::{Checked, Encoding};
use headcount_wire::{Payload, Rate, datadog};
use serde_json::{Value as Json, json};

use crate::client::{Answer, Request, options, post};
use crate::fixture::{Fixture, TODAY, catalog, id};
use crate::native::gzip;

/// The public token in the catalog of the AssemblyAI CLI.
pub(crate) const TOKEN: &str = "pub00000000000000000000000000000000";

/// The body that Datadog's client for Python sent. It has nothing about the
/// machine.
pub(crate) const PYTHON: &[u8] =
    include_bytes!("../../../headcount-wire/tests/clients/datadog-api-client-2.62.0.json");

/// A valid log of the AssemblyAI CLI, as Datadog's browser library sends it.
pub(crate) fn log(number: u64) -> Json {
    json!({
        "view": { "referrer": "", "url": "http://localhost/" }, "service": "assembly",
        "session_id": "s", "session": { "id": "s" }, "usr": { "anonymous_id": "a1b2" },
        "tab": { "id": "t" }, "date": 1_795_167_679_068u64, "message": "command_run",
        "status": "info", "origin": "logger", "_dd": {}, "ddtags": "sdk_version:7.16.2,env:dev",
        "event_id": id(number).to_string(), "command": "assembly init", "outcome": "success",
        "exit_code": 0, "duration_ms": 12, "cli_version": "1.2.3", "os": "linux", "ci": false,
    })
}

fn lines(logs: &[Json]) -> String {
    logs.iter().map(|log| format!("{log}\n")).collect()
}

fn browser(query: &str, body: impl Into<Vec<u8>>) -> Request {
    post(&format!("/api/v2/logs?ddsource=browser{query}"), body)
        .header("content-type", "text/plain;charset=UTF-8")
}

#[track_caller]
fn taken(fixture: &Fixture, request: Request) {
    let answer = request.send(fixture.address());
    assert_eq!((answer.status, answer.body.as_str()), (202, "{}"), "{answer:?}");
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
}

#[track_caller]
fn told(answer: &Answer, status: u16, title: &str, detail: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    let error = &answer.json()["errors"][0];
    assert_eq!(error["status"], status.to_string(), "{answer:?}");
    assert_eq!(error["title"], title, "{answer:?}");
    assert!(error["detail"].as_str().unwrap().contains(detail), "{answer:?}");
}

#[test]
fn what_a_host_encodes_is_stored_once_in_either_form() {
    let fixture = Fixture::new();
    let assembly = catalog("assembly");
    let line = |number: u64| {
        format!(
            "{{\"event_id\":\"{}\",\"event\":\"command_run\",\"timestamp\":\"{TODAY}T10:00:00Z\",\
             \"command\":\"assembly dev\",\"outcome\":\"success\",\"exit_code\":0,\
             \"duration_ms\":5,\"cli_version\":\"1.0.0\",\"os\":\"linux\",\"ci\":false,\
             \"device_id\":\"d\"}}",
            id(number)
        )
    };
    let records: Vec<Checked> =
        (1..=3).map(|number| headcount_wire::read(&assembly, &line(number)).unwrap()).collect();
    let destination = assembly.destinations[0];
    assert_eq!(destination.encoding, Encoding::Lines);
    let payload = Payload {
        catalog: &assembly,
        records: &records,
        key: Some(TOKEN),
        rate: Rate::WHOLE,
        home: headcount_wire::HomeLifetime::Lasting,
    };
    let sent = [datadog::encode(&payload).unwrap(), datadog::encode_for_servers(&payload).unwrap()];
    for sent in sent {
        let query: String =
            sent.query.iter().map(|(name, value)| format!("&{name}={value}")).collect();
        let mut request = post(&format!("/api/v2/logs?from=test{query}"), sent.body);
        for (name, value) in &sent.headers {
            request = request.header(&name.to_ascii_uppercase(), value);
        }
        taken(&fixture, request);
    }
    fixture.assert_taken("assembly", 3, 3);
    let active = fixture.get("/api/v1/ask/active?product=assembly").json();
    assert_eq!(active["rows"], json!([{ "day": TODAY, "devices": 1 }]));
}

#[test]
fn a_key_is_in_a_header_or_after_the_question_mark() {
    let fixture = Fixture::new();
    let forwarded = format!(
        "/api/v2/logs/?ddforward=%2Fapi%2Fv2%2Flogs%3Fddsource%3Dbrowser%26dd-api-key%3D{TOKEN}"
    );
    for (number, request) in (1..).zip([
        browser(&format!("&dd-api-key={TOKEN}&dd-evp-origin=browser"), lines(&[log(1)])),
        browser("&dd-api-key=assembly", lines(&[log(2)])),
        post("/api/v2/logs", json!([log(3)]).to_string()).header("DD-API-KEY", TOKEN),
        post("/api/v2/logs/", json!(log(4)).to_string()).header("Dd-Api-Key", "assembly"),
        post(&forwarded, lines(&[log(5)])),
        // Without a key, the service names the product.
        browser("", lines(&[log(6)])),
    ]) {
        taken(&fixture, request);
        assert_eq!(fixture.counter("assembly", "stored", ""), number);
    }
    // A key overrides the service.
    let mut other = log(7);
    other["service"] = json!("atomic");
    taken(&fixture, browser("&dd-api-key=assembly", lines(&[other.clone()])));
    assert_eq!(fixture.counter("assembly", "stored", ""), 7);

    let send = |request: Request| request.send(fixture.address());
    let unknown = send(browser("&dd-api-key=pubnobody", lines(&[log(1)])));
    told(&unknown, 401, "Unauthorized", "unknown write key");
    other.as_object_mut().unwrap().remove("service");
    told(&send(browser("", lines(&[other.clone()]))), 401, "Unauthorized", "`DD-API-KEY: KEY`");
    other["service"] = json!("somebody");
    let halves = lines(&[log(8), other.clone()]);
    let alone = lines(&[other]);
    told(&send(browser("", alone)), 404, "Not Found", "unknown product");
    assert_eq!(fixture.arrivals(), 7);
    // Beside a known one, an unknown one is rejected on its own.
    taken(&fixture, browser("", halves));
    assert_eq!(fixture.counter("assembly", "stored", ""), 8);
    assert!(fixture.get("/metrics").body.contains("\nheadcount_unclaimed_events_total 1\n"));
}

#[test]
fn an_invalid_line_affects_no_other() {
    let fixture = Fixture::new();
    let mut unknown = log(2);
    unknown["message"] = json!("User person@example.org logged in");
    let body = format!("{}not json\n{}\n[1]\n{}", lines(&[log(1)]), unknown, log(3));
    taken(&fixture, browser("", body));
    assert_eq!(fixture.counter("assembly", "stored", ""), 2);
    assert_eq!(fixture.counter("assembly", "rejected", "unknown-event"), 1);
    assert_eq!(fixture.counter("assembly", "rejected", "malformed"), 2);
    // The client for Python sends nothing about the machine or the device.
    taken(&fixture, post("/api/v2/logs", gzip(PYTHON)).header("content-encoding", "gzip"));
    assert_eq!(fixture.counter("assembly", "rejected", "missing-property"), 1);
    assert_eq!(fixture.arrivals(), 6);
    assert!(fixture.dropped_fields("assembly", "unknown-property") > 0);

    for (body, detail) in
        [("not json", "line 1, column 1"), ("[{\"a\":1},", "not valid JSON at line 1")]
    {
        let answer = browser("&dd-api-key=assembly", body).send(fixture.address());
        told(&answer, 400, "Bad Request", detail);
    }
    taken(&fixture, browser("", ""));
    taken(&fixture, post("/api/v2/logs", "[]"));
    assert_eq!(fixture.arrivals(), 6);
}

/// Datadog's clients make no ids, and send the same bytes again if they get no
/// answer.
#[test]
fn logs_without_an_id_are_told_apart_by_their_place() {
    let fixture = Fixture::new();
    let mut bare = log(1);
    bare.as_object_mut().unwrap().remove("event_id");
    for _ in 0..2 {
        let body = lines(&[bare.clone(), bare.clone()]);
        taken(&fixture, browser("&dd-request-id=x", body));
    }
    fixture.assert_taken("assembly", 2, 2);
    bare.as_object_mut().unwrap().remove("date");
    for _ in 0..2 {
        taken(&fixture, browser("", lines(&[bare.clone()])));
    }
    fixture.assert_taken("assembly", 4, 2);
}

#[test]
fn a_page_may_ask_before_it_sends() {
    let fixture = Fixture::new();
    let answer = options("/api/v2/logs?ddsource=browser")
        .header("origin", "https://app.example")
        .header("access-control-request-headers", "content-type,dd-api-key")
        .send(fixture.address());
    assert_eq!(answer.status, 204, "{answer:?}");
    let allowed = answer.header("access-control-allow-headers");
    assert_eq!(allowed, Some("content-type,dd-api-key"));
    // Other routes allow no other origin.
    for path in ["/api/v1/events", "/v1/logs", "/api/v1/ask/events", "/metrics"] {
        let answer = options(path).header("origin", "https://app.example").send(fixture.address());
        assert_eq!(answer.status, 405, "{answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}
