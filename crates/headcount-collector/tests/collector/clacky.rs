//! OpenClacky's own endpoints, and other paths that a catalog names.

use headcount_collector::{Collector, Registry};
use serde_json::json;

use crate::client::{Answer, Request, get, options, post};
use crate::fixture::{Fixture, TODAY, catalog, catalog_text, line};

/// The body that OpenClacky sends when it starts.
pub(crate) const STARTUP: &str = r#"{"device_id":"60302a34a63b8ec1c2b9d2b8e1d2f9a1","version":"1.2.3","os":"linux","launch_source":"cli"}"#;

pub(crate) const TASK: &str = r#"{"device_id":"60302a34a63b8ec1c2b9d2b8e1d2f9a1","version":"1.2.3","model":"some-model","provider":"anthropic","prompt_tokens":1200,"completion_tokens":80,"cost_usd":0.0123,"duration_ms":4500,"status":"success"}"#;

fn startup(body: impl Into<Vec<u8>>) -> Request {
    post("/api/v1/telemetry/startup", body).header("content-type", "application/json")
}

#[track_caller]
fn taken(fixture: &Fixture, request: Request) {
    let answer = request.send(fixture.address());
    assert_eq!((answer.status, answer.body.as_str()), (200, "{}"), "{answer:?}");
}

#[track_caller]
fn told(answer: &Answer, status: u16, sentence: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(answer.error().contains(sentence), "{answer:?}");
}

/// A collector with only these catalogs.
fn collector_of(texts: &[String]) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.stop();
    let catalogs = texts.iter().map(|text| headcount_catalog::parse(text).unwrap());
    let mut config = fixture.config();
    config.registry = Registry::of(catalogs.collect()).unwrap();
    fixture.run(Collector::start(config).unwrap());
    fixture
}

#[test]
fn each_request_is_an_event_of_its_own() {
    let fixture = Fixture::new();
    // Two starts that look alike are two starts.
    taken(&fixture, startup(STARTUP));
    taken(&fixture, startup(STARTUP));
    taken(&fixture, post("/api/v1/telemetry/task/", TASK).key("clacky").chunked());
    // Id, name and time in a payload are ignored.
    let lying = STARTUP.replacen(
        '{',
        "{\"id\":\"01a1f640-bc00-7000-8000-000000000000\",\"event\":\"task\",\
         \"time\":\"2020-01-01T00:00:00Z\",",
        1,
    );
    taken(&fixture, startup(lying.clone()));
    taken(&fixture, startup(lying));
    let events = fixture.get("/api/v1/ask/events?product=clacky").json();
    assert_eq!(
        events["rows"],
        json!([
            { "day": TODAY, "event": "startup", "count": 4 },
            { "day": TODAY, "event": "task", "count": 1 },
        ])
    );
    assert_eq!(fixture.counter("clacky", "stored", ""), 5);
    assert_eq!(fixture.dropped_fields("clacky", "unknown-property"), 6);
    assert_eq!(fixture.arrivals(), 5);
}

/// Gems send `RbConfig::CONFIG["host_os"]`, and only OpenClacky's own paths
/// read it: elsewhere a value is as the catalog has it.
#[test]
fn the_system_of_a_real_gem_is_its_platform() {
    let fixture = Fixture::new();
    for os in ["linux-gnu", "linux-musl", "linux", "darwin23", "mswin64_140", "aix7.2", "other"] {
        taken(&fixture, startup(STARTUP.replace("\"linux\"", &format!("\"{os}\""))));
    }
    let question = "/api/v1/ask/by-property?product=clacky&event=startup&property=os";
    let rows = |fixture: &Fixture| fixture.get(question).json()["rows"].clone();
    let counted = |value: &str, count: u64| json!({"day": TODAY, "value": value, "count": count});
    let expected =
        [counted("darwin", 1), counted("linux", 3), counted("mingw32", 1), counted("other", 2)];
    assert_eq!(rows(&fixture), json!(expected));

    let native = "{\"id\":\"01a1f640-bc00-7000-8000-000000000001\",\"event\":\"startup\",\
                  \"time\":\"2026-11-20T10:00:00Z\",\"device_id\":\"60302a34a63b8ec1c2b9d2b8e1d2f9a1\",\
                  \"version\":\"1.2.3\",\"os\":\"linux-gnu\",\"launch_source\":\"cli\"}";
    let answer = post("/api/v1/events", native).key("clacky").send(fixture.address());
    assert_eq!((answer.status, &answer.json()["accepted"]), (200, &json!(1)), "{answer:?}");
    assert_eq!(fixture.get(question).json()["rows"][3], counted("other", 3));
}

#[test]
fn rejected_requests_are_told() {
    let fixture = Fixture::new();
    let send = |request: Request| request.send(fixture.address());
    told(&send(startup("{")), 400, "not valid JSON at line 1, column");
    told(&send(startup("[]")), 400, "one JSON object");
    told(&send(startup("{}")), 400, "rejected (missing-property)");
    told(&send(startup(STARTUP.replace("\"cli\"", "\"/home/me\""))), 400, "outside-set");
    told(&send(startup(STARTUP).key("nobody")), 401, "unknown write key");
    told(&send(startup(STARTUP).key("atomic")), 404, "`atomic` has no event with this path");
    told(&send(post("/api/v1/telemetry/shutdown", STARTUP)), 404, "unknown path");
    told(&send(get("/api/v1/telemetry/startup")), 405, "send events with POST");
    let preflight = send(options("/api/v1/telemetry/startup"));
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (405, None));
    assert_eq!(fixture.counter("clacky", "rejected", "missing-property"), 1);
    assert_eq!(fixture.counter("clacky", "rejected", "outside-set"), 1);
    assert_eq!(fixture.arrivals(), 2);
}

#[test]
fn two_products_with_one_path_need_a_key() {
    let twin = catalog_text("clacky").replace("name = \"clacky\"", "name = \"twin\"");
    let fixture = collector_of(&[catalog_text("clacky"), twin]);
    let send = |request: Request| request.send(fixture.address());
    told(&send(startup(STARTUP)), 401, "several products use this path");
    taken(&fixture, startup(STARTUP).key("twin"));
    assert_eq!(fixture.counter("twin", "stored", ""), 1);
    let none = collector_of(&[catalog_text("atomic")]);
    told(&startup(STARTUP).send(none.address()), 404, "unknown path");
}

/// The plain form only has the paths that catalogs name. A proxy in front of a
/// collector may add its own path to those of other dialects.
#[test]
fn the_paths_that_a_catalog_names_are_served() {
    let atomic = catalog_text("atomic")
        .replace("kind = \"otlp\"", "kind = \"http\"")
        .replace("atomic.example/v1/logs", "atomic.example/telemetry/in?v=1");
    let archon =
        catalog_text("archon").replace("archon.example/batch/", "archon.example/ph/batch/");
    let fixture = collector_of(&[atomic, archon]);
    let list = format!("{{\"events\":[{},{},{{}}]}}", line(1), line(2));
    let answer = post("/telemetry/in/?v=1", list.clone()).send(fixture.address());
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.body,
        "{\"accepted\":2,\"duplicate\":0,\"rejected\":1,\"events\":[\
         {\"index\":2,\"outcome\":\"rejected\",\"reason\":\"unknown-event\"}]}"
    );
    // The native path accepts this form, too, and requires a key.
    told(&post("/api/v1/events", list.clone()).send(fixture.address()), 401, "missing write key");
    let answer = post("/api/v1/events", list).key("atomic").send(fixture.address());
    answer.assert_taken(0, 2);
    let body = crate::posthog::batch(&[crate::posthog::event(1)]);
    let answer = post("/ph/batch", body).send(fixture.address());
    assert_eq!((answer.status, answer.body.as_str()), (200, "{\"status\":\"Ok\"}"), "{answer:?}");
    let asked = options("/ph/batch/").send(fixture.address());
    assert_eq!((asked.status, asked.header("access-control-allow-origin")), (204, Some("*")));
    for body in ["{\"events\":1}", "[]", "{"] {
        let answer = post("/telemetry/in", body).send(fixture.address());
        told(&answer, 400, "send {\"events\":[…]}");
    }
    assert_eq!(catalog("atomic").destinations.len(), 1);
}
