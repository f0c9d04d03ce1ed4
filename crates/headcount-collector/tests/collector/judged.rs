//! On which day an event counts, by which id it is known again, and what its
//! request says of it.

use serde_json::{Value as Json, json};

use crate::client::post;
use crate::fixture::{Fixture, TODAY, id, line};
use crate::posthog;
use crate::store_choice::is_embedded;

fn reasons(answer: &Json) -> Vec<&str> {
    let events = answer["events"].as_array().unwrap();
    events.iter().map(|event| event["reason"].as_str().unwrap_or("")).collect()
}

/// Never by arrival: the same line would count again on the next day.
#[test]
fn a_line_without_a_readable_time_is_rejected() {
    let fixture = Fixture::new();
    let time = format!("\"{TODAY}T10:00:00Z\"");
    let with = |number, other: &str| line(number).replace(&time, other);
    let day = |clock: &str| format!("\"{TODAY}{clock}\"");
    let lines = [
        with(1, &day("T10:00:00")),
        with(2, &day("T10:00:00+0000")),
        with(3, "\"2026-02-30T00:00:00Z\""),
        with(4, "1795168800"),
        with(5, "null"),
        with(6, "\"\""),
        line(7).replace(&format!("\"timestamp\":{time},"), ""),
    ];
    let answer = fixture.send(&lines).json();
    assert_eq!(reasons(&answer), ["missing-time"; 7], "{answer}");
    assert_eq!(fixture.counter("atomic", "rejected", "missing-time"), 7);
    assert_eq!(fixture.send(&[line(8)]).json()["accepted"], 1);
}

#[test]
fn other_dialects_date_by_arrival_only_what_cannot_come_again() {
    let fixture = Fixture::new();
    let send = |events: &[Json]| {
        let body = json!({ "api_key": "archon", "batch": events }).to_string();
        assert_eq!(post("/batch/", body).send(fixture.address()).status, 200);
    };
    let without = |number, key: &str| {
        let mut event = posthog::event(number);
        event.as_object_mut().unwrap().remove(key);
        event
    };
    // The id names its day.
    send(&[without(1, "timestamp"), without(1, "timestamp")]);
    fixture.assert_taken("archon", 1, 1);
    // The id names none, and the same event may come tomorrow.
    let mut of_version_4 = without(2, "timestamp");
    of_version_4["uuid"] = json!("7c9e6679-7425-40de-944b-e07fc1f90ae7");
    // A time that cannot be read is not no time.
    let mut unreadable = without(3, "uuid");
    unreadable["timestamp"] = json!("yesterday, about noon");
    send(&[of_version_4, unreadable]);
    assert_eq!(fixture.counter("archon", "rejected", "missing-time"), 2);
    assert_eq!(fixture.arrivals(), 4);
}

/// An event without an id is named by what it says: not by its request, by the
/// order of its keys or by the time of sending.
#[test]
fn an_event_without_an_id_is_known_again() {
    let fixture = Fixture::new();
    let event = |kind: &str| {
        format!(
            "{{\"event\":\"binary.startup\",\"distinct_id\":\"d1\",\"timestamp\":\
             \"{TODAY}T10:00:00.123Z\",\"properties\":{{\"archon_version\":\"1.2.3\",\
             \"archon_git_commit\":\"abc\",\"archon_is_binary\":{kind},\"platform\":\"linux\",\
             \"arch\":\"x64\"}}}}"
        )
    };
    let turned = format!(
        "{{\"properties\":{{\"arch\":\"x64\",\"platform\":\"linux\",\"archon_is_binary\":true,\
         \"archon_version\":\"1.2.3\",\"archon_git_commit\":\"abc\"}},\"timestamp\":\
         \"{TODAY}T10:00:00.123Z\",\"distinct_id\":\"d1\",\"event\":\"binary.startup\"}}"
    );
    let send = |events: &[&str], sent_at: &str, (new, copies)| {
        let events = events.join(",");
        let body = format!(
            "{{\"api_key\":\"archon\",\"sentAt\":\"{sent_at}\",\"sent_at\":\"{sent_at}\",\
             \"batch\":[{events}]}}"
        );
        let answer = post("/batch/", body).send(fixture.address());
        assert_eq!(answer.status, 200, "{answer:?}");
        fixture.assert_taken("archon", new, copies);
    };
    let (one, other) = (&*event("true"), &*event("false"));
    send(&[one], "2026-11-20T10:00:01Z", (1, 0));
    // Another time of sending.
    send(&[one], "2026-11-20T10:00:02Z", (1, 1));
    // Other company, another order of keys.
    send(&[other, &turned], "x", (2, 2));
    // Two that say the same are two; sent again, they are the same two.
    send(&[one, other, one], "x", (3, 4));
    send(&[one, one, other], "x", (3, 7));
}

/// The same in the other dialects: alone, in other company, with its fields in
/// another order, and twice in one request.
#[test]
fn an_event_without_an_id_is_known_again_in_every_dialect() {
    let fixture = Fixture::new();
    let log = |duration: u64| {
        let mut log = crate::datadog::log(1);
        log.as_object_mut().unwrap().remove("event_id");
        log["duration_ms"] = json!(duration);
        log
    };
    let attribute = |key: &str, value: Json| json!({"key": key, "value": value});
    let text = |text: &str| json!({"stringValue": text});
    let record = |second: u64| {
        json!({
            "eventName": "atomic_command", "timeUnixNano": format!("{}000000000", 1_795_168_800 + second),
            "attributes": [
                attribute("anonymousId", text("d")),
                attribute("command", text("init")),
                attribute("success", json!({"boolValue": true})),
            ],
        })
    };
    let turned_record = |second: u64| {
        let mut record = record(second);
        record["attributes"].as_array_mut().unwrap().reverse();
        record["observedTimeUnixNano"] = json!("1");
        record
    };
    let turned_log = |duration: u64| {
        let log = log(duration);
        let fields = log.as_object().unwrap().iter().rev();
        let fields = fields.map(|(key, value)| format!("{}:{value}", json!(key)));
        format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
    };
    let otlp = |records: &[Json]| {
        let body = json!({"resourceLogs": [{
            "resource": {"attributes": [
                attribute("service.name", text("atomic")),
                attribute("service.version", text("0.1.0")),
                attribute("os.type", text("linux")),
            ]},
            "scopeLogs": [{"logRecords": records}],
        }]});
        post("/v1/logs", body.to_string()).header("content-type", "application/json")
    };
    let datadog = |body: String| post("/api/v2/logs?ddsource=browser", body);
    for (product, requests) in [
        (
            "atomic",
            [
                otlp(&[record(1)]),
                otlp(&[record(1)]),
                otlp(&[record(2), turned_record(1)]),
                otlp(&[turned_record(1), record(2), record(1)]),
            ],
        ),
        (
            "assembly",
            [
                datadog(log(1).to_string()),
                datadog(format!("[{}]", log(1))),
                datadog(format!("{}\n{}\n", log(2), turned_log(1))),
                datadog(format!("[{},{},{}]", turned_log(1), log(2), log(1))),
            ],
        ),
    ] {
        let counts = [(1, 0), (1, 1), (2, 2), (3, 4)];
        for (request, (new, copies)) in requests.into_iter().zip(counts) {
            let answer = request.send(fixture.address());
            assert!(answer.status < 300, "{product}: {answer:?}");
            fixture.assert_taken(product, new, copies);
        }
    }
}

#[test]
fn the_same_id_with_other_content_is_rejected() {
    let fixture = Fixture::new();
    assert_eq!(fixture.send(&[line(1)]).json()["accepted"], 1);
    let other = line(1).replace("\"success\":true", "\"success\":false");
    let again = fixture.send(&[other.clone(), line(1), line(2)]).json();
    // Within one request the first one wins.
    let turned = line(3).replace("\"update\"", "\"init\"");
    let turned = fixture.send(&[turned, line(3)]).json();
    assert_eq!(fixture.arrivals(), 6);
    if is_embedded() {
        assert_eq!(reasons(&again), ["other-content", ""], "{again}");
        assert_eq!((&turned["accepted"], reasons(&turned)), (&json!(1), vec!["other-content"]));
        assert_eq!(fixture.counter("atomic", "rejected", "other-content"), 2);
    } else {
        // ClickHouse calls each stored, and counts one event of an id.
        assert_eq!((&again["accepted"], &turned["accepted"]), (&json!(3), &json!(2)));
        assert_eq!(fixture.counter("atomic", "stored", ""), 6);
    }
    // The first one is counted.
    let asked = "by-property?product=atomic&event=atomic_command&property=";
    let values = |property: &str| {
        let answer = fixture.get(&format!("/api/v1/ask/{asked}{property}")).json();
        let rows = answer["rows"].as_array().unwrap().clone();
        let row = |row: &Json| (row["value"].as_str().unwrap().to_owned(), row["count"].clone());
        rows.iter().map(row).collect::<Vec<_>>()
    };
    let expected = [("init".to_owned(), json!(1)), ("update".to_owned(), json!(2))];
    assert_eq!(values("command"), expected);
    assert_eq!(values("success"), [("true".to_owned(), json!(3))]);
}

/// One unknown service of several does not take the others along.
#[test]
fn an_unknown_service_is_rejected_on_its_own() {
    let fixture = Fixture::new();
    let resource = |service: &str, number| {
        let text = |text: &str| json!({"stringValue": text});
        let attribute = |key: &str, value: Json| json!({"key": key, "value": value});
        json!({
            "resource": {"attributes": [
                attribute("service.name", text(service)),
                attribute("service.version", text("0.1.0")),
                attribute("os.type", text("linux")),
            ]},
            "scopeLogs": [{"logRecords": [{
                "eventName": "atomic_command",
                "timeUnixNano": "1795168800000000000",
                "attributes": [
                    attribute("anonymousId", text("d")),
                    attribute("eventId", text(&id(number).to_string())),
                    attribute("command", text("init")),
                    attribute("success", json!({"boolValue": true})),
                ],
            }]}],
        })
    };
    let send = |resources: Vec<Json>| {
        let body = json!({ "resourceLogs": resources }).to_string();
        let request = post("/v1/logs", body).header("content-type", "application/json");
        request.send(fixture.address())
    };
    let answer = send(vec![resource("nobody", 1), resource("atomic", 2), resource("nobody", 3)]);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["partialSuccess"]["rejectedLogRecords"], "2", "{answer:?}");
    assert_eq!(fixture.counter("atomic", "stored", ""), 1);
    assert!(fixture.get("/metrics").body.contains("\nheadcount_unclaimed_events_total 2\n"));
    assert_eq!(send(vec![resource("nobody", 4)]).status, 404);
    assert_eq!(fixture.arrivals(), 1);
}
