//! Bad input in every dialect: each is told in its own words, and nobody else is any worse for it.

use serde_json::{Value as Json, json};

use crate::client::{Answer, get, post};
use crate::fixture::{Fixture, line};
use crate::native::gzip;
use crate::{clacky, datadog, posthog};

/// How a dialect says what is wrong.
type Told = fn(&Json) -> Option<&str>;

/// Where each dialect that is JSON is spoken, and where its errors have their sentence.
const SPOKEN: [(&str, Told); 7] = [
    ("/api/v1/events", |it| it["error"].as_str()),
    ("/v1/logs", |it| it["message"].as_str()),
    ("/batch/", |it| it["error_description"].as_str()),
    ("/i/v0/e/", |it| it["error_description"].as_str()),
    ("/i/v1/analytics/events", |it| it["error_description"].as_str()),
    ("/api/v2/logs", |it| it["errors"][0]["detail"].as_str()),
    ("/api/v1/telemetry/startup", |it| it["error"].as_str()),
];

fn send(fixture: &Fixture, path: &str, body: Vec<u8>, encoding: &str) -> Answer {
    let request = post(path, body)
        .header("content-type", "application/json")
        .header("content-encoding", encoding);
    let product = if path.ends_with("startup") { "clacky" } else { "atomic" };
    // PostHog's older form has its key in the body, and hears of a broken body first.
    let request = match path {
        "/api/v2/logs" => request.header("dd-api-key", product),
        "/batch/" | "/i/v0/e/" => request,
        _ => request.key(product),
    };
    request.send(fixture.address())
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
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
fn a_bomb_is_put_out_in_every_dialect() {
    let fixture = Fixture::new();
    // 50 MB that take 48 KB on the wire.
    let bomb = gzip(&vec![b' '; 50_000_000]);
    assert!(bomb.len() < 60_000, "{}", bomb.len());
    for (path, told) in SPOKEN.into_iter().skip(2) {
        // Announced to nobody: its first bytes say what it is.
        let answer = send(&fixture, path, bomb.clone(), "identity");
        assert_eq!(answer.status, 413, "{path}: {answer:?}");
        let json = answer.json();
        assert!(told(&json).unwrap().contains("longer than 20 MiB"), "{path}: {answer:?}");
    }
    assert_eq!(fixture.arrivals(), 0);
}

/// What is wrong with one event costs no other one of its batch.
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
        (with(2, &|it| it["timestamp"] = json!("1970-01-01T00:00:00Z")), "too-old"),
        (with(3, &|it| it["timestamp"] = json!("2106-02-07T06:28:16Z")), "in-the-future"),
        (with(4, &|it| it["event"] = json!("x".repeat(10_000))), "unknown-event"),
        (with(5, &|it| it["event"] = json!(7)), "unknown-event"),
        (with(6, &|it| it["distinct_id"] = json!("person@example.org")), "missing-property"),
        (with(7, &|it| it["properties"]["archon_is_binary"] = json!("true")), "bad-property"),
        (with(8, &|it| it["properties"] = json!([1, 2])), "missing-property"),
        (with(9, &|it| it["properties"]["arch"] = json!("a/b")), "outside-set"),
        (with(10, &|it| it["timestamp"] = json!("yesterday, about noon")), "ok"),
    ];
    let many: serde_json::Map<String, Json> =
        (0..2_000).map(|number| (number.to_string(), json!(1))).collect();
    cases.push((with(11, &|it| it["properties"] = Json::Object(many.clone())), "too-long"));
    let body = json!({ "batch": cases.iter().map(|it| &it.0).collect::<Vec<_>>() }).to_string();
    // Of a key that is there twice, the first counts.
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
    assert_eq!(fixture.counter("archon", "stored", ""), 2);
    assert_eq!(fixture.arrivals(), 11);
}

#[test]
fn numbers_as_text_are_numbers_where_a_client_has_no_others() {
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
fn methods_that_nobody_uses_are_told() {
    let fixture = Fixture::new();
    for (path, _) in SPOKEN {
        let answer = get(path).send(fixture.address());
        assert_eq!(answer.status, 405, "{path}: {answer:?}");
        assert!(answer.error().contains("send events with POST"), "{path}: {answer:?}");
    }
}
