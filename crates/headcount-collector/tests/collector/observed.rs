//! What coding agents export by OpenTelemetry themselves: of requests as they
//! send them, full of canaries, only what the catalogs ask for is stored.

use std::sync::{Arc, Mutex};

use headcount_catalog::Catalog;
use headcount_collector::{Collector, Config, OperatorLog, Registry};
use headcount_testkit::Canary;
use serde_json::{Value as Json, json};

use crate::canaries::search_in;
use crate::client::{Answer, Request, post};
use crate::fixture::{Fixture, catalogs};
use crate::native::gzip;
use crate::otlp_messages;
use crate::stored::EventFolder;

/// The catalogs of the agents, as they are shipped.
pub(crate) fn agents() -> Vec<Catalog> {
    let texts = [
        include_str!("../../../headcount-cli/catalogs/agents/claude-code.toml"),
        include_str!("../../../headcount-cli/catalogs/agents/codex.toml"),
        include_str!("../../../headcount-cli/catalogs/agents/copilot.toml"),
    ];
    let read =
        |text| headcount_catalog::parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    texts.map(read).to_vec()
}

/// A recorded request of an agent.
struct Recorded {
    path: &'static str,
    /// The product whose key is sent.
    product: &'static str,
    text: &'static str,
    /// What is not kept: records, spans and data points.
    not_kept: u64,
}

const RECORDED: [Recorded; 6] = [
    Recorded {
        path: "/v1/logs",
        product: "claude-code",
        text: include_str!("agents/claude-code.logs.json"),
        // `api_error`, and a name that nobody knows.
        not_kept: 2,
    },
    Recorded {
        path: "/v1/metrics",
        product: "claude-code",
        text: include_str!("agents/claude-code.metrics.json"),
        not_kept: 5,
    },
    Recorded {
        path: "/v1/logs",
        product: "codex",
        text: include_str!("agents/codex.logs.json"),
        not_kept: 2,
    },
    Recorded {
        path: "/v1/traces",
        product: "codex",
        text: include_str!("agents/codex.traces.json"),
        not_kept: 2,
    },
    Recorded {
        path: "/v1/traces",
        product: "copilot",
        text: include_str!("agents/copilot.traces.json"),
        // Three spans, and an exception.
        not_kept: 4,
    },
    Recorded {
        path: "/v1/metrics",
        product: "copilot",
        text: include_str!("agents/copilot.metrics.json"),
        not_kept: 3,
    },
];

/// A collector with the agents' catalogs beside the five products', of which
/// all that its operator could be told is kept.
struct Observer {
    fixture: Fixture,
    log: Arc<Mutex<Vec<String>>>,
}

impl Observer {
    fn new() -> Self {
        let mut fixture = Fixture::new();
        fixture.stop();
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let told = Arc::clone(&log);
        let all = [catalogs(), agents()].concat();
        let config = Config {
            registry: Registry::of(all).expect("valid catalogs"),
            log: OperatorLog::new(move |record| told.lock().unwrap().push(format!("{record:?}"))),
            ..fixture.config()
        };
        fixture.run(Collector::start(config).expect("a collector that starts"));
        Self { fixture, log }
    }

    fn send(&self, request: Request) -> Answer {
        request.send(self.fixture.address())
    }

    fn not_kept(&self, product: &str) -> u64 {
        self.fixture.counter(product, "rejected", "not-kept")
    }

    /// The events of a product, as they are exported.
    fn stored(&mut self, product: &str) -> Vec<Json> {
        let mut events = EventFolder::of(&self.fixture).exported(product);
        for event in &mut events {
            let fields = event.as_object_mut().expect("an object");
            assert_eq!(fields.remove("day"), Some(json!("2026-11-20")));
            assert!(fields.remove("id").is_some());
        }
        events.sort_by_key(ToString::to_string);
        events
    }
}

fn json_request(path: &str, body: impl Into<Vec<u8>>) -> Request {
    post(path, body).header("content-type", "application/json")
}

fn protobuf_request(path: &str, body: impl Into<Vec<u8>>) -> Request {
    post(path, body).header("content-type", "application/x-protobuf")
}

impl Recorded {
    /// The text with a canary in every place for one.
    fn planted(&self, canary: &Canary) -> String {
        self.text.replace("CANARY", canary.text())
    }

    /// Each encoding of the request, compressed or not.
    fn requests(&self, canary: &Canary) -> Vec<Request> {
        let text = self.planted(canary);
        let message = otlp_messages::of_json(&serde_json::from_str(&text).expect("JSON"));
        let packed =
            |request: Request| request.header("content-encoding", "gzip").key(self.product);
        vec![
            json_request(self.path, text.clone()).key(self.product),
            packed(json_request(self.path, gzip(text.as_bytes()))),
            protobuf_request(self.path, message.clone()).key(self.product),
            packed(protobuf_request(self.path, gzip(&message))),
        ]
    }
}

#[test]
fn of_what_agents_export_only_what_is_asked_for_gets_anywhere() {
    let mut observer = Observer::new();
    let mut canaries = Vec::new();
    for (place, recorded) in RECORDED.iter().enumerate() {
        let canary = Canary::new(&format!("export {place}"));
        for (round, request) in recorded.requests(&canary).into_iter().enumerate() {
            let before = observer.not_kept(recorded.product);
            let answer = observer.send(request);
            let expected = if round < 2 { "{}" } else { "" };
            assert_eq!((answer.status, answer.body.as_str()), (200, expected), "{answer:?}");
            let kind = if round < 2 { "application/json" } else { "application/x-protobuf" };
            assert_eq!(answer.header("content-type"), Some(kind));
            let after = observer.not_kept(recorded.product);
            assert_eq!(after - before, recorded.not_kept, "{} {round}", recorded.path);
        }
        canaries.push(canary);
    }
    // All four say the same.
    for (product, stored, duplicate) in
        [("claude-code", 11, 33), ("codex", 7, 21), ("copilot", 4, 12)]
    {
        observer.fixture.assert_taken(product, stored, duplicate);
    }
    let not_kept = RECORDED.iter().map(|recorded| recorded.not_kept).sum::<u64>();
    assert_eq!(observer.fixture.arrivals(), 4 * (11 + 7 + 4 + not_kept));
    let all = [catalogs(), agents()].concat();
    assert_eq!(search_in(&mut observer.fixture, &canaries, &all), Vec::<String>::new());
    let told = observer.log.lock().unwrap().join("\n");
    let in_log = canaries.iter().filter_map(|canary| canary.find_in(told.as_bytes()));
    assert_eq!(in_log.collect::<Vec<_>>(), Vec::<String>::new());
}

/// What is stored of one request of an agent.
#[track_caller]
fn kept(recorded: &Recorded, expected: &Json) {
    let mut observer = Observer::new();
    let canary = Canary::new("kept");
    let answer = observer.send(recorded.requests(&canary).remove(0));
    assert_eq!(answer.status, 200, "{answer:?}");
    let mut expected: Vec<Json> = expected.as_array().expect("a list").clone();
    expected.sort_by_key(ToString::to_string);
    assert_eq!(observer.stored(recorded.product), expected);
}

#[test]
fn of_claude_code_this_is_kept() {
    let event = |name: &str, own: Json| {
        let mut line = json!({
            "event": name, "time": "2026-11-20T12:00:00Z", "version": "2.1.332",
            "os.type": "linux", "host.arch": "amd64",
        });
        line.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        line
    };
    kept(
        &RECORDED[0],
        &json!([
            event("user_prompt", json!({ "command_name": "review", "command_source": "builtin" })),
            event(
                "user_prompt",
                json!({ "command_name": "user-defined", "command_source": "other" })
            ),
            event("user_prompt", json!({})),
            event(
                "skill_activated",
                json!({ "skill": "custom_skill", "plugin": "custom", "invocation_trigger": "user-slash" })
            ),
            event(
                "skill_activated",
                json!({ "skill": "user-defined", "invocation_trigger": "claude-proactive" })
            ),
            event(
                "plugin_installed",
                json!({ "plugin": "user-defined", "plugin_version": "1.2.3" })
            ),
            event("plugin_loaded", json!({})),
            event("tool_result", json!({ "success": true, "took": 1000 })),
            event("tool_result", json!({ "success": false, "took": 0 })),
            event("api_request", json!({ "model": "claude-opus-5-2", "took": 1000 })),
            event("api_request", json!({ "took": 1000 })),
        ]),
    );
}

#[test]
fn of_codex_this_is_kept() {
    let event = |name: &str, own: Json| {
        let mut line = json!({
            "event": name, "time": "2026-11-20T12:00:00Z", "version": "0.171.0",
        });
        line.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        line
    };
    let model = "gpt-5.6-codex";
    kept(
        &RECORDED[2],
        &json!([
            event("codex.conversation_starts", json!({ "model": model })),
            event("codex.user_prompt", json!({ "model": model })),
            event(
                "codex.skill_invocation",
                json!({ "skill": "skill-creator", "invocation_trigger": "explicit", "model": model })
            ),
            event(
                "codex.skill_invocation",
                json!({
                    "skill": "user-defined", "plugin": "user-defined",
                    "invocation_trigger": "implicit", "model": model,
                })
            ),
            event("codex.tool_result", json!({ "success": true, "took": 300 })),
            event("codex.api_request", json!({ "took": 300 })),
        ]),
    );
}

#[test]
fn of_copilot_this_is_kept() {
    let event = |name: &str, own: Json| {
        let name = format!("github.copilot.{name}");
        let mut line = json!({
            "event": name, "time": "2026-11-20T12:00:00Z", "version": "1.0.102",
        });
        line.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        line
    };
    kept(
        &RECORDED[4],
        &json!([
            event(
                "skill.invoked",
                json!({ "skill": "custom", "plugin": "user-defined", "plugin_version": "2.0.1" })
            ),
            event("skill.invoked", json!({ "skill": "user-defined" })),
            event("session.compaction_complete", json!({ "success": true })),
            event("session.shutdown", json!({})),
        ]),
    );
}

/// A record of Claude Code with these attributes.
fn record(attributes: &str) -> String {
    format!(
        "{{\"resourceLogs\":[{{\"scopeLogs\":[{{\"logRecords\":[{{\"timeUnixNano\":\
         \"1795176000000000000\",\"attributes\":[{attributes}]}}]}}]}}]}}"
    )
}

fn text(key: &str, value: &str) -> String {
    json!({ "key": key, "value": { "stringValue": value } }).to_string()
}

#[test]
fn attributes_of_wrong_types_and_sizes_are_dropped() {
    let observer = Observer::new();
    let canary = Canary::new("hostile");
    let name = text("event.name", "tool_result");
    let own = |key: &str, value: &str| format!("{{\"key\":\"{key}\",\"value\":{value}}}");
    let huge = canary.text().repeat(20_000);
    let deep = format!(
        "{}{{}}{}",
        "{\"kvlistValue\":{\"values\":[{\"value\":".repeat(10),
        "}]}}".repeat(10)
    );
    let many: Vec<String> =
        (0..900).map(|place| text(&format!("{}{place}", canary.text()), canary.text())).collect();
    for (place, attributes) in [
        own("success", "{\"arrayValue\":{\"values\":[{\"boolValue\":true}]}}"),
        own("success", "{\"intValue\":\"1\"}"),
        own("success", "7"),
        own("duration_ms", "{\"doubleValue\":\"NaN\"}"),
        own("duration_ms", &json!({ "stringValue": canary.text() }).to_string()),
        text("success", &huge),
        own(canary.text(), &deep),
        many.join(","),
        // Of a name that is there twice, the first counts.
        format!("{},{}", text("success", canary.text()), text("success", "true")),
        // A property that an attribute becomes has no name of its own.
        own("took", "{\"intValue\":\"5\"}"),
    ]
    .into_iter()
    .enumerate()
    {
        let body =
            record(&format!("{name},{},{attributes}", text("event.sequence", &place.to_string())));
        let answer = observer.send(json_request("/v1/logs", body).key("claude-code"));
        assert_eq!((answer.status, answer.body.as_str()), (200, "{}"), "{place}: {answer:?}");
        assert_eq!(observer.fixture.counter("claude-code", "stored", ""), place as u64 + 1);
    }
    let mut observer = observer;
    let expected = json!({ "event": "tool_result", "time": "2026-11-20T12:00:00Z" });
    assert_eq!(observer.stored("claude-code"), vec![expected; 10]);
    let data = observer.fixture.home.path().join("data");
    assert_eq!(canary.find_in_tree(&data), Vec::<String>::new());
}

#[test]
fn too_much_of_anything_is_refused_or_not_kept() {
    let observer = Observer::new();
    let name = text("event.name", "tool_result");
    // More attributes than are read: the record loses them all, its name too.
    let many: Vec<String> = (0..10_000).map(|place| text(&format!("k{place}"), "v")).collect();
    let body = record(&format!("{name},{}", many.join(",")));
    let answer = observer.send(json_request("/v1/logs", body).key("claude-code"));
    assert_eq!(answer.status, 200, "{answer:?}");
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    for path in ["/v1/logs", "/v1/traces", "/v1/metrics"] {
        let body = format!("{{\"resourceSpans\":{deep},\"resourceLogs\":0}}");
        let answer = observer.send(json_request(path, body).key("claude-code"));
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!(3)), "{answer:?}");
        let answer =
            observer.send(protobuf_request(path, vec![0x0a, 0x05, b'x']).key("claude-code"));
        assert_eq!(answer.status, 400, "{answer:?}");
    }
    let points = vec!["{}"; 10_001].join(",");
    let metrics = format!(
        "{{\"resourceMetrics\":[{{\"scopeMetrics\":[{{\"metrics\":[{{\"sum\":{{\"dataPoints\":[{points}]}}}}]}}]}}]}}"
    );
    let answer = observer.send(json_request("/v1/metrics", metrics).key("claude-code"));
    assert_eq!(answer.status, 413, "{answer:?}");
    assert_eq!(
        observer.fixture.arrivals(),
        observer.fixture.counter("claude-code", "stored", "") + observer.not_kept("claude-code")
    );
}

#[test]
fn the_three_paths_answer_as_the_specification_says() {
    let observer = Observer::new();
    for path in ["/v1/logs", "/v1/traces", "/v1/metrics"] {
        for empty in ["{}", "{\"resourceLogs\":[],\"resourceSpans\":[],\"resourceMetrics\":[]}"] {
            let answer = observer.send(json_request(path, empty).key("claude-code"));
            assert_eq!((answer.status, answer.body.as_str()), (200, "{}"), "{answer:?}");
        }
        let answer = observer.send(protobuf_request(path, "").key("claude-code"));
        assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{answer:?}");
        let answer =
            observer.send(post(path, "{}").header("content-type", "text/plain").key("claude-code"));
        assert_eq!(answer.status, 415, "{answer:?}");
        let answer = observer.send(json_request(path, "{}").key("nobody"));
        assert_eq!(answer.status, 401, "{answer:?}");
        assert_eq!(observer.fixture.get(path).status, 405, "{path}");
    }
    // What is rejected is told, and what is not kept is not.
    let old = RECORDED[4].text.replace("1795176", "1495176");
    let answer = observer.send(json_request("/v1/traces", old.clone()).key("copilot"));
    let partial = &answer.json()["partialSuccess"];
    assert_eq!(partial["rejectedSpans"], "0", "{answer:?}");
    assert_eq!(partial["errorMessage"], "4 events of spans were rejected: too-old");
    let message = otlp_messages::of_json(&serde_json::from_str(&old).unwrap());
    let answer = observer.send(protobuf_request("/v1/traces", message).key("copilot"));
    // ExportTraceServiceResponse.partial_success.error_message
    assert_eq!(answer.bytes[..3], [0x0a, 42, 0x12], "{answer:?}");
}

#[test]
fn spans_and_metrics_are_for_such_a_catalog_alone() {
    let fixture = Fixture::new();
    for path in ["/v1/traces", "/v1/metrics"] {
        for request in [json_request(path, "{}"), json_request(path, "{}").key("atomic")] {
            let answer = request.send(fixture.address());
            assert_eq!(answer.status, 404, "{answer:?}");
        }
    }
    let observer = Observer::new();
    for path in ["/v1/traces", "/v1/metrics"] {
        let answer = observer.send(json_request(path, "{}").key("atomic"));
        assert_eq!(answer.status, 404, "{answer:?}");
        assert!(answer.body.contains("[opentelemetry]"), "{answer:?}");
    }
    // Without a key the service says whose it is, by any of its names.
    let answer = observer.send(json_request("/v1/traces", RECORDED[3].text));
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(observer.fixture.counter("codex", "stored", ""), 1);
    for (name, status) in [("atomic", 404), ("nobody", 404), ("codex-tui", 200)] {
        let body = RECORDED[3].text.replace("codex_cli_rs", name);
        let answer = observer.send(json_request("/v1/traces", body));
        assert_eq!(answer.status, status, "{name}: {answer:?}");
    }
}
