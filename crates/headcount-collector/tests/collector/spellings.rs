//! One path in many spellings, days of a page, and requests that name several
//! products.

use headcount_catalog::Encoding;
use serde_json::{Value as Json, json};

use crate::client::post;
use crate::fixture::{Fixture, line, line_of};
use crate::{datadog, otlp};

#[test]
fn slashes_queries_and_fragments_change_no_path() {
    let fixture = Fixture::new();
    for path in [
        "//v1/logs",
        "/v1//logs",
        "/v1/logs//",
        "/v1/logs?",
        "/v1/logs?key=value&v1/logs",
        "/v1/logs?%ff=%00&a=/b//c",
        "/v1/logs#fragment",
        "/v1/logs?a=b#/other?c",
    ] {
        let body = otlp::body("atomic", &[line(1)]);
        let request = post(path, body).header("content-type", "application/json");
        let answer = request.send(fixture.address());
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
    }
    assert_eq!(fixture.arrivals(), 8);
    for path in [
        "/product/atomic/",
        "//product//atomic?days=7",
        "/healthz/",
        "/metrics/?x",
        "//",
        "/?#",
        "/page.js/",
        "/api/v1/ask/events/?product=atomic",
        "//api/v1/ask/events?product=atomic#top",
    ] {
        let answer = fixture.get(path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
    }
    for path in ["/v1/logs/x", "/v1", "/product", "/api/v1", "/healthz/ok", "/v1logs"] {
        assert_eq!(fixture.get(path).status, 404, "{path}");
    }
}

#[test]
fn fourteen_days_are_fourteen() {
    let fixture = Fixture::new();
    fixture.send(&[line_of(1, "2026-11-06", "update"), line_of(2, "2026-11-07", "update")]);
    for (path, first) in [
        ("/product/atomic?days=14", "Sat 7 Nov 2026"),
        ("/?product=atomic&days=14", "Sat 7 Nov 2026"),
        ("/product/atomic/?days=15", "Fri 6 Nov 2026"),
    ] {
        let page = fixture.get(path).body;
        let title = page.split("<title>").nth(2).unwrap_or_else(|| panic!("no day in {page}"));
        assert!(title.starts_with(first), "{path}: {title}");
    }
    for (days, first) in [("14", "2026-11-07"), ("15", "2026-11-06")] {
        let path = format!("/api/v1/ask/events?product=atomic&days={days}");
        let answer = fixture.get(&path).json();
        assert_eq!(answer["rows"][0]["day"], first, "{answer}");
    }
    let wrong = fixture.get("/api/v1/ask/events?product=atomic&days=x");
    assert_eq!(wrong.status, 400, "{wrong:?}");
}

/// An export with records of several services.
fn export(services: &[&str]) -> String {
    let resources: Vec<Json> = (0..)
        .zip(services)
        .map(|(number, service)| {
            let body = otlp::body("atomic", &[line(number)]);
            let text = String::from_utf8(body).unwrap();
            let text = text.replace("\"atomic\"", &json!(service).to_string());
            let export: Json = serde_json::from_str(&text).unwrap();
            export["resourceLogs"][0].clone()
        })
        .collect();
    json!({ "resourceLogs": resources }).to_string()
}

#[test]
fn an_unknown_service_does_not_take_the_others_along() {
    let fixture = Fixture::new();
    let send = |services: &[&str]| {
        let request = post("/v1/logs", export(services)).header("content-type", "application/json");
        request.send(fixture.address())
    };
    for services in [&["somebody", "atomic", "else"][..], &["atomic", "", "atomic ", "atomic"]] {
        let answer = send(services);
        assert_eq!(answer.status, 200, "{answer:?}");
        let partial = &answer.json()["partialSuccess"];
        assert_eq!(partial["rejectedLogRecords"], "2", "{answer:?}");
        assert!(partial["errorMessage"].as_str().unwrap().contains("unknown-product"));
        assert!(!answer.body.contains("somebody"), "{answer:?}");
    }
    // Record 1 is new in the first, 0 and 3 are in the second.
    assert_eq!(fixture.counter("atomic", "stored", ""), 3);
    assert_eq!(fixture.arrivals(), 3);
    let metrics = fixture.get("/metrics").body;
    assert!(metrics.contains("\nheadcount_unclaimed_events_total 4\n"), "{metrics}");
    assert!(metrics.contains("\nheadcount_requests_total{status=\"200\"} "), "{metrics}");
    assert!(!metrics.contains("somebody"), "{metrics}");
    // Where there is nothing else, its sender keeps it.
    assert_eq!(send(&["somebody", "else"]).status, 404);
    assert_eq!(send(&["somebody"]).status, 404);
    assert!(fixture.get("/metrics").body.contains("\nheadcount_unclaimed_events_total 4\n"));
}

#[test]
fn in_protocol_buffers_and_in_datadogs_logs_as_well() {
    let fixture = Fixture::new();
    let known = otlp::body_in(Encoding::Protobuf, "atomic", &[line(1)]);
    let place = known.windows(6).position(|bytes| bytes == b"atomic").unwrap();
    let mut unknown = known.clone();
    unknown[place..place + 6].copy_from_slice(b"nobody");
    // Messages one after the other are one message.
    let answer = post("/v1/logs", [unknown, known].concat())
        .header("content-type", "application/x-protobuf")
        .send(fixture.address());
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.body.contains("1 log records were rejected: unknown-product"), "{answer:?}");
    assert_eq!(fixture.counter("atomic", "stored", ""), 1);

    let mut other = datadog::log(1);
    other["service"] = json!("nobody");
    let mut nameless = datadog::log(2);
    nameless.as_object_mut().unwrap().remove("service");
    let logs = json!([other, datadog::log(3), nameless]).to_string();
    assert_eq!(post("/api/v2/logs", logs).send(fixture.address()).status, 202);
    assert_eq!(fixture.counter("assembly", "stored", ""), 1);
    let metrics = fixture.get("/metrics").body;
    assert!(metrics.contains("\nheadcount_unclaimed_events_total 3\n"), "{metrics}");
}
