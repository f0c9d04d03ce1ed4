//! Bad input in every dialect: each answers in its own form, and no other event
//! is affected.

use serde_json::{Value as Json, json};

use crate::client::{Answer, get, post};
use crate::fixture::{Fixture, line};
use crate::native::gzip;
use crate::{clacky, datadog, posthog};

/// Finds the message in an error of a dialect.
type Told = fn(&Json) -> Option<&str>;

/// The path of each dialect in JSON, and where its errors have their message.
const SPOKEN: [(&str, Told); 7] = [
    ("/api/v1/events", |json| json["error"].as_str()),
    ("/v1/logs", |json| json["message"].as_str()),
    ("/batch/", |json| json["error_description"].as_str()),
    ("/i/v0/e/", |json| json["error_description"].as_str()),
    ("/i/v1/analytics/events", |json| json["error_description"].as_str()),
    ("/api/v2/logs", |json| json["errors"][0]["detail"].as_str()),
    ("/api/v1/telemetry/startup", |json| json["error"].as_str()),
];

fn send(fixture: &Fixture, path: &str, body: Vec<u8>, encoding: &str) -> Answer {
    let request = post(path, body)
        .header("content-type", "application/json")
        .header("content-encoding", encoding);
    let product = if path.ends_with("startup") { "clacky" } else { "atomic" };
    // PostHog's older form has its key in the body, and a broken body is
    // reported first.
    let request = match path {
        "/api/v2/logs" => request.header("dd-api-key", product),
        "/batch/" | "/i/v0/e/" => request,
        _ => request.key(product),
    };
    request.send(fixture.address())
}

#[test]
fn an_unreadable_body_is_told_with_its_place() {
    let fixture = Fixture::new();
    let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    let deep_inside = [b"{\"a\":".repeat(70), b"1".to_vec(), b"}".repeat(70)].concat();
    for (path, told) in SPOKEN {
        for (body, sentence) in [
            (b"<html>".to_vec(), "line 1, column 1"),
            (b"{\"a\":NaN}".to_vec(), "line 1, column 6"),
            (b"{\"a\":1}}".to_vec(), "line 1, column 8"),
            (b"{\n\"a\":\"\xff\"}".to_vec(), "line"),
            (b"\xff\xfe{\x00}\x00".to_vec(), "line 1, column 1"),
            (deep.clone(), "levels at line 1, column"),
            (deep_inside.clone(), "line 1, column"),
            (b"{\"a\":\"\\ud".to_vec(), "line 1, column"),
        ] {
            let shown = String::from_utf8_lossy(&body[..body.len().min(20)]).into_owned();
            let answer = send(&fixture, path, body, "identity");
            assert_eq!(answer.status, 400, "{path}, {shown}: {answer:?}");
            assert_eq!(answer.header("content-type"), Some("application/json"));
            let json = answer.json();
            let heard = told(&json).unwrap_or_else(|| panic!("{path}: {answer:?}"));
            assert!(heard.contains(sentence), "{path}, {shown}: {heard}");
        }
        let cut = gzip(&[b' '; 100])[..20].to_vec();
        let answer = send(&fixture, path, cut, "gzip");
        assert!(told(&answer.json()).unwrap().contains("is cut short"), "{path}: {answer:?}");
        let brotli = send(&fixture, path, b"x".to_vec(), "br");
        assert_eq!(brotli.status, 415, "{path}: {brotli:?}");
    }
    assert_eq!(fixture.arrivals(), 0);
    assert_eq!(fixture.send(&[line(1)]).json()["accepted"], 1);
}

#[test]
fn every_dialect_limits_the_decompressed_size() {
    let fixture = Fixture::new();
    // 50 MB that compress to 48 KB.
    let bomb = gzip(&vec![b' '; 50_000_000]);
    assert!(bomb.len() < 60_000, "{}", bomb.len());
    for (path, told) in SPOKEN.into_iter().skip(2) {
        // Without a header: its first bytes tell the encoding.
        let answer = send(&fixture, path, bomb.clone(), "identity");
        assert_eq!(answer.status, 413, "{path}: {answer:?}");
        let json = answer.json();
        assert!(told(&json).unwrap().contains("longer than 20 MiB"), "{path}: {answer:?}");
    }
    assert_eq!(fixture.arrivals(), 0);
}

/// An invalid event does not affect the others of its batch.
#[test]
fn a_good_event_among_bad_ones_is_stored() {
    let fixture = Fixture::new();
    let with = |number: u64, change: &dyn Fn(&mut Json)| {
        let mut event = posthog::event(number);
        change(&mut event);
        event
    };
    let mut cases: Vec<(Json, &str)> = vec![
        (posthog::event(1), "ok"),
        (with(2, &|event| event["timestamp"] = json!("1970-01-01T00:00:00Z")), "too-old"),
        (with(3, &|event| event["timestamp"] = json!("2106-02-07T06:28:16Z")), "in-the-future"),
        (with(4, &|event| event["event"] = json!("x".repeat(10_000))), "unknown-event"),
        (with(5, &|event| event["event"] = json!(7)), "unknown-event"),
        (with(6, &|event| event["distinct_id"] = json!("person@example.org")), "missing-property"),
        (with(7, &|event| event["properties"]["archon_is_binary"] = json!("true")), "bad-property"),
        (with(8, &|event| event["properties"] = json!([1, 2])), "missing-property"),
        (with(9, &|event| event["properties"]["arch"] = json!("a/b")), "outside-set"),
        (with(10, &|event| event["timestamp"] = json!("yesterday, about noon")), "missing-time"),
    ];
    let many: serde_json::Map<String, Json> =
        (0..2_000).map(|number| (number.to_string(), json!(1))).collect();
    cases.push((with(11, &|event| event["properties"] = Json::Object(many.clone())), "too-long"));
    let body =
        json!({ "batch": cases.iter().map(|(event, _)| event).collect::<Vec<_>>() }).to_string();
    // If a key is given twice, the first counts.
    let body = body.replacen(
        "\"archon_git_commit\":\"abc\"",
        "\"arch\":\"x64\",\"arch\":\"/\",\"archon_git_commit\":\"abc\"",
        1,
    );
    let answer = post("/i/v1/analytics/events", body).key("archon").send(fixture.address());
    let results = answer.json()["results"].clone();
    for (event, wanted) in &cases {
        let result = &results[event["uuid"].as_str().unwrap()];
        let heard = result["details"].as_str().or(result["result"].as_str());
        assert_eq!(heard, Some(*wanted), "{event}");
    }
    assert_eq!(fixture.counter("archon", "stored", ""), 1);
    assert_eq!(fixture.arrivals(), 11);
}

#[test]
fn numbers_as_text_are_numbers_in_dialects_that_send_them_so() {
    let fixture = Fixture::new();
    let mut log = datadog::log(1);
    log["exit_code"] = json!("0");
    log["duration_ms"] = json!("12");
    let answer = post("/api/v2/logs", log.to_string()).send(fixture.address());
    assert_eq!(answer.status, 202, "{answer:?}");
    assert_eq!(fixture.counter("assembly", "stored", ""), 1);
    let payload = clacky::TASK.replace(":1200", ":\"1200\"").replace(":80", ":1e999");
    let answer = post("/api/v1/telemetry/task", payload).send(fixture.address());
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(fixture.dropped_fields("clacky", "bad-property"), 2);
}

#[test]
fn unsupported_methods_are_told() {
    let fixture = Fixture::new();
    for (path, _) in SPOKEN {
        let answer = get(path).send(fixture.address());
        assert_eq!(answer.status, 405, "{path}: {answer:?}");
        assert!(answer.error().contains("send events with POST"), "{path}: {answer:?}");
    }
}
