//! What browsers send for web pages, of this origin and of others.

use headcount_collector::{Collector, Registry};
use serde_json::json;

use crate::client::{Answer, Request, get, options, post};
use crate::fixture::{Fixture, catalog_text, line};
use crate::{clacky, datadog, otlp, posthog};

const PAGE: &str = "https://app.example";

/// As a page of another origin sends it.
fn from_page(request: Request) -> Request {
    request.header("origin", PAGE).header("sec-fetch-site", "cross-site")
}

#[track_caller]
fn assert_mirrored(answer: &Answer) {
    assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE), "{answer:?}");
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"), "{answer:?}");
    assert_eq!(answer.header("vary"), Some("Origin"), "{answer:?}");
    assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));
}

/// `sendBeacon`, and XHR and `fetch` with credentials.
#[test]
fn pages_with_cookies_reach_posthogs_and_datadogs_paths() {
    let fixture = Fixture::new();
    let capture = posthog::batch(&[posthog::event(1)]);
    let log = datadog::log(1).to_string();
    for (path, body, status) in [
        ("/batch/", &capture, 200),
        ("/e/?compression=none", &capture, 200),
        ("/flags/?v=2", &capture, 200),
        ("/api/v2/logs?dd-api-key=assembly", &log, 202),
        ("//api/v2/logs/?dd-api-key=assembly", &log, 202),
        // Errors are readable, too.
        ("/batch/", &"{".to_owned(), 400),
        ("/api/v2/logs?dd-api-key=nobody", &log, 401),
    ] {
        let preflight = from_page(options(path))
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type,x-datadog-origin")
            .send(fixture.address());
        assert_eq!((preflight.status, preflight.body.as_str()), (204, ""), "{preflight:?}");
        assert_mirrored(&preflight);
        let allowed = preflight.header("access-control-allow-headers");
        assert_eq!(allowed, Some("content-type,x-datadog-origin"));
        assert_eq!(preflight.header("access-control-allow-methods"), Some("POST"));
        let sent = from_page(post(path, body.as_bytes()))
            .header("content-type", "application/json")
            .header("cookie", "ph=1")
            .send(fixture.address());
        assert_eq!(sent.status, status, "{path}: {sent:?}");
        assert_mirrored(&sent);
    }
}

#[test]
fn paths_that_a_catalog_names_are_as_open() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let proxied = catalog_text("archon")
        .replace("telemetry.archon.example/batch/", "telemetry.archon.example/ingest/");
    let mut config = fixture.config();
    config.registry = Registry::of(vec![headcount_catalog::parse(&proxied).unwrap()]).unwrap();
    fixture.run(Collector::start(config).unwrap());
    for path in ["/ingest", "/ingest/", "//ingest?x=1"] {
        assert_mirrored(&from_page(options(path)).send(fixture.address()));
        let body = posthog::batch(&[posthog::event(1)]);
        let answer = from_page(post(path, body)).send(fixture.address());
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_mirrored(&answer);
    }
}

#[test]
fn no_other_path_is_open() {
    let fixture = Fixture::new();
    let requests = [
        from_page(options("/api/v1/events")),
        from_page(options("/v1/logs")),
        from_page(options("/api/v1/telemetry/task")),
        from_page(post("/api/v1/events", line(1))).key("atomic"),
        from_page(get("/metrics")),
        from_page(get("/api/v1/ask/events?product=atomic")),
    ];
    for request in requests {
        let answer = request.send(fixture.address());
        assert_eq!(answer.header("access-control-allow-origin"), None, "{answer:?}");
        assert_eq!(answer.header("access-control-allow-credentials"), None, "{answer:?}");
    }
}

/// A page can send text to every address without asking first.
#[test]
fn a_page_of_another_origin_needs_a_key() {
    let fixture = Fixture::new();
    let log = datadog::log(1).to_string();
    let export = otlp::body("atomic", &[line(1)]);
    let port = fixture.address().port();
    let other_port = format!("http://localhost:{}", port.wrapping_add(1));
    let pages = [
        ("origin", PAGE),
        ("origin", "null"),
        ("origin", &other_port),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ];
    for (name, value) in pages {
        for (path, body, kind) in [
            ("/api/v1/telemetry/task", clacky::TASK.as_bytes(), "text/plain"),
            ("/api/v1/telemetry/startup/", clacky::STARTUP.as_bytes(), "text/plain"),
            ("/api/v2/logs", log.as_bytes(), "text/plain;charset=UTF-8"),
            ("/v1/logs", &export, "application/json"),
        ] {
            let request = post(path, body).header("content-type", kind).header(name, value);
            let answer = request.send(fixture.address());
            assert_eq!(answer.status, 403, "{name}: {value}: {answer:?}");
            assert!(answer.body.contains("a web page of another origin"), "{answer:?}");
        }
    }
    assert_eq!(fixture.arrivals(), 0);
    // With a key, or from a page of its own, it is taken.
    let keyed = from_page(post("/api/v2/logs", log)).header("dd-api-key", "assembly");
    assert_eq!(keyed.send(fixture.address()).status, 202);
    let own = post("/api/v1/telemetry/task", clacky::TASK)
        .header("origin", &format!("http://{}", fixture.address()))
        .header("sec-fetch-site", "same-origin");
    assert_eq!(own.send(fixture.address()).status, 200);
    assert_eq!(fixture.arrivals(), 2);
}

/// Who asks for one name is not told the others.
#[test]
fn an_unknown_name_is_not_answered_with_all_others() {
    let fixture = Fixture::new();
    let mut log = datadog::log(1);
    log["service"] = json!("somebody");
    let export = String::from_utf8(otlp::body("atomic", &[line(1)])).unwrap();
    let export = export.replace("\"atomic\"", "\"somebody\"");
    for request in [
        post("/api/v2/logs", log.to_string()),
        post("/v1/logs", export).header("content-type", "application/json"),
        post("/api/v1/events", line(1)).key("somebody"),
        post("/batch/", posthog::batch(&[]).replace("archon", "somebody")),
    ] {
        let answer = request.send(fixture.address());
        for product in ["archon", "assembly", "atomcode", "clacky", "somebody"] {
            assert!(!answer.body.contains(product), "{answer:?}");
        }
    }
}
