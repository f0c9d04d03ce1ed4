//! Devices that are counted by their marks, and events after their last day.

use headcount_catalog::{Catalog, Day, EventId};
use headcount_collector::{Collector, Registry};
use serde_json::{Value as Json, json};

use crate::client::{Answer, post};
use crate::fixture::Fixture;

const TOOL: &str = include_str!("counting.toml");

fn parse(text: &str) -> Catalog {
    headcount_catalog::parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// A collector with these catalogs.
fn with(texts: &[&str]) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.stop();
    let mut config = fixture.config();
    config.registry = Registry::of(texts.iter().copied().map(parse).collect()).unwrap();
    fixture.run(Collector::start(config).unwrap());
    fixture
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn id(number: u128, on: &str) -> String {
    EventId::new(day(on), number.to_be_bytes()).to_string()
}

/// A line with marks, `""` for none.
fn line(number: u128, on: &str, marks: &str, age: &str) -> String {
    let first: Vec<&str> = marks.split_whitespace().collect();
    let mut line = json!({"id": id(number, on), "event": "run", "time": format!("{on}T00:00:00Z")});
    if !first.is_empty() {
        line["first"] = json!(first);
        line["age"] = json!(age);
    }
    line.to_string()
}

fn send(fixture: &Fixture, lines: &[String]) -> Answer {
    post("/api/v1/events", lines.join("\n")).key("tool").send(fixture.address())
}

#[track_caller]
fn rows(fixture: &Fixture, question: &str) -> Json {
    let answer = fixture.get(&format!("/api/v1/ask/{question}"));
    assert_eq!(answer.status, 200, "{question}: {answer:?}");
    answer.json()["rows"].clone()
}

/// Three weeks of a few devices.
pub(crate) fn counted() -> (Fixture, Vec<String>) {
    let fixture = with(&[TOOL]);
    let lines = vec![
        line(1, "2026-10-31", "day week month", "0"),
        line(2, "2026-10-31", "day week month", "0"),
        line(3, "2026-10-31", "", ""),
        line(4, "2026-11-02", "day week month", "1"),
        line(5, "2026-11-03", "day", "1"),
        line(6, "2026-11-09", "day week", "2-3"),
        line(7, "2026-11-10", "day week month", "0"),
        line(8, "2026-11-20", "day week", "1"),
    ];
    assert_eq!(send(&fixture, &lines).json()["accepted"], 8);
    (fixture, lines)
}

#[test]
fn marks_are_answered_by_day_week_and_month() {
    let (fixture, lines) = counted();
    for _ in 0..2 {
        let active = |period| rows(&fixture, &format!("active?product=tool{period}"));
        assert_eq!(active("")[0], json!({"day": "2026-10-31", "devices": 2}));
        assert_eq!(
            active("&period=day&from=2026-11-03&to=2026-11-19"),
            json!([
                {"day": "2026-11-03", "devices": 1},
                {"day": "2026-11-09", "devices": 1},
                {"day": "2026-11-10", "devices": 1},
            ])
        );
        assert_eq!(
            active("&period=week"),
            json!([
                {"week": "2026-10-26", "devices": 2},
                {"week": "2026-11-02", "devices": 1},
                {"week": "2026-11-09", "devices": 2},
                {"week": "2026-11-16", "devices": 1},
            ])
        );
        let months =
            json!([{"month": "2026-10", "devices": 2}, {"month": "2026-11", "devices": 2}]);
        assert_eq!(active("&period=month"), months);
        // What comes again is a duplicate, and marks nothing.
        send(&fixture, &lines).assert_taken(0, 8);
    }
}

#[test]
fn new_and_returning_devices_and_those_that_come_back() {
    let (mut fixture, lines) = counted();
    // A device without an age, and one whose age is not one: its field goes,
    // and its mark counts.
    let more = [line(9, "2026-11-19", "day week", ""), line(10, "2026-11-19", "week", "12")];
    assert_eq!(send(&fixture, &more).json()["accepted"], 2);
    assert_eq!(fixture.dropped_fields("tool", "outside-set"), 2);
    fixture.stop();
    let mut config = fixture.config();
    config.registry = Registry::of(vec![parse(TOOL)]).unwrap();
    fixture.run(Collector::start(config).unwrap());
    send(&fixture, &lines).assert_taken(0, 8);
    assert_eq!(
        rows(&fixture, "new-and-returning?product=tool"),
        json!([
            {"week": "2026-10-26", "new": 2, "returning": 0, "unknown": 0},
            {"week": "2026-11-02", "new": 0, "returning": 1, "unknown": 0},
            {"week": "2026-11-09", "new": 1, "returning": 1, "unknown": 0},
            {"week": "2026-11-16", "new": 0, "returning": 1, "unknown": 2},
        ])
    );
    let cohorts =
        |from: Option<&str>, to, devices| json!({"from": from, "to": to, "devices": devices});
    let first = Some("2026-10-26");
    assert_eq!(
        rows(&fixture, "retention?product=tool&from=2026-11-02&to=2026-11-11"),
        json!([
            {"week": "2026-11-02", "age": "1", "devices": 1,
             "cohorts": cohorts(first, "2026-10-26", 2), "share": 0.5},
            {"week": "2026-11-09", "age": "0", "devices": 1,
             "cohorts": cohorts(Some("2026-11-09"), "2026-11-09", 1), "share": 1.0},
            {"week": "2026-11-09", "age": "2-3", "devices": 1,
             "cohorts": cohorts(Some("2026-10-19"), "2026-10-26", 2), "share": 0.5},
        ])
    );
    let page = fixture.get("/product/tool").body;
    for part in [
        "Active devices by week</h3>",
        "<title>week of 9 Nov 2026: 2 devices</title>",
        "<title>November 2026: 2 devices so far</title>",
        "New and returning devices",
        "16 Nov 2026<span class=\"aside\">so far</span>",
        "<th class=\"number\" scope=\"col\">Unknown</th>",
        "a delivery that is lost makes its device missing",
        "<th class=\"number\" scope=\"col\">2–3 weeks</th>",
        "title=\"1 device\">50%</td>",
        "no id: devices count themselves",
    ] {
        assert!(page.contains(part), "the page lacks {part}");
    }
}

/// A catalog that counts days alone takes no other mark, and says so.
#[test]
fn only_the_periods_of_the_catalog_are_counted() {
    let days = TOOL.replace("[\"day\", \"week\", \"month\"]", "[\"day\"]");
    let none = TOOL.replace("count = ", "# ").replace("tool", "silent").replace("TOOL", "SILENT");
    let fixture = with(&[&days, &none]);
    let lines = [line(1, "2026-11-20", "day week month", "0")];
    assert_eq!(send(&fixture, &lines).json()["accepted"], 1);
    let day = json!([{"day": "2026-11-20", "devices": 1}]);
    assert_eq!(rows(&fixture, "active?product=tool"), day);
    for (question, told) in [
        ("active?product=tool&period=week", "`tool` has no id and does not count devices by week"),
        ("active?product=tool&period=year", "use day, week or month"),
        ("active?product=silent", "add `day` to `count` under `[identity]`"),
        ("new-and-returning?product=tool", "`tool` has no id and does not count devices by week"),
        ("retention?product=silent", "`silent` has no id and does not count devices by week"),
        ("retention?product=tool&period=week", "this question takes product, from, to"),
    ] {
        let answer = fixture.get(&format!("/api/v1/ask/{question}"));
        assert_eq!(answer.status, 400, "{question}: {answer:?}");
        assert!(answer.error().contains(told), "{question}: {answer:?}");
    }
    assert!(!fixture.get("/product/tool").body.contains("New and returning"));
    // A product that counts nothing has events, and no number of devices.
    let run = line(2, "2026-11-20", "", "");
    let answer = post("/api/v1/events", run).key("silent").send(fixture.address());
    assert_eq!(answer.json()["accepted"], 1, "{answer:?}");
    let page = fixture.get("/product/silent").body;
    assert!(
        page.contains("Events by day") && page.contains("<dt>Events in these days</dt>"),
        "{page}"
    );
    for absent in ["Active devices", "Devices last week"] {
        assert!(!page.contains(absent), "{absent}");
    }
}

/// A collector that counted a device by the older catalog, and then got the
/// newer one.
fn after(older: &str, newer: &str) -> Fixture {
    let mut fixture = with(&[older]);
    let counted = line(1, "2026-11-18", "day week month", "0");
    let id = "\"device\":\"0b6a4f0e-8f0c-4f7e-9d56-3c1a7b2e5d41\",\"event\"";
    let lines = [counted.replace("\"event\"", id)];
    assert_eq!(send(&fixture, &lines).json()["accepted"], 1);
    assert_eq!(rows(&fixture, "active?product=tool&period=month")[0]["devices"], 1);
    fixture.stop();
    let newer = newer.replace("catalog = 1", "catalog = 2");
    let mut config = fixture.config();
    config.registry = Registry::of(vec![parse(older), parse(&newer)]).unwrap();
    fixture.run(Collector::start(config).unwrap());
    fixture
}

/// What an older catalog counted looks like all devices where the newest counts
/// none: there is no answer and no panel.
#[test]
fn the_newest_catalog_says_by_what_devices_are_counted() {
    let ids = TOOL
        .replace("scheme = \"none\"", "scheme = \"random\"\nfile = \"device-id\"")
        .replace("count = [\"day\", \"week\", \"month\"]\n", "")
        .replace("event = \"event\"", "event = \"event\"\ndevice = \"device\"");
    let days = TOOL.replace("[\"day\", \"week\", \"month\"]", "[\"day\"]");
    let nothing = TOOL.replace("count = ", "# ");
    let numbers = [
        ("active", "by day", "Active devices by day"),
        ("active", "by week", "Active devices by week"),
        ("active", "by month", "Active devices by month"),
        ("new-and-returning", "devices by week", "New and returning"),
        ("retention", "devices by week", "Devices that come back"),
    ];
    for (older, newer, answered) in [
        (ids.as_str(), days.as_str(), [true, false, false, false, false]),
        (&ids, &nothing, [false; 5]),
        (&ids, TOOL, [true; 5]),
        (TOOL, &nothing, [false; 5]),
        (TOOL, &ids, [true; 5]),
    ] {
        let fixture = after(older, newer);
        let page = fixture.get("/product/tool").body;
        for ((question, told, panel), is_answered) in numbers.into_iter().zip(answered) {
            let period = match question {
                "active" => told.replace("by ", "&period="),
                _ => String::new(),
            };
            let answer = fixture.get(&format!("/api/v1/ask/{question}?product=tool{period}"));
            assert_eq!(page.contains(panel), is_answered, "{panel}: {newer}");
            if is_answered {
                assert_eq!(answer.status, 200, "{question}: {answer:?}");
            } else {
                assert_eq!(answer.status, 400, "{question}: {answer:?}");
                assert!(answer.error().contains(told), "{question}: {answer:?}");
            }
        }
    }
    // Days that were counted by ids stay beside those of marks.
    let fixture = after(&ids, &days);
    assert_eq!(send(&fixture, &[line(2, "2026-11-20", "day", "0")]).json()["accepted"], 1);
    assert_eq!(
        rows(&fixture, "active?product=tool"),
        json!([{"day": "2026-11-18", "devices": 1}, {"day": "2026-11-20", "devices": 1}])
    );
}

#[test]
fn a_product_with_ids_has_weeks_and_months_too() {
    let fixture = Fixture::new();
    let from = |device: &str, number, day| crate::fixture::line_from(device, number, day, "init");
    let lines = [
        from("a", 1, "2026-10-31"),
        from("a", 2, "2026-11-01"),
        from("b", 3, "2026-11-01"),
        from("a", 4, "2026-11-02"),
    ];
    assert_eq!(fixture.send(&lines).json()["accepted"], 4);
    assert_eq!(
        rows(&fixture, "active?product=atomic&period=week"),
        json!([{"week": "2026-10-26", "devices": 2}, {"week": "2026-11-02", "devices": 1}])
    );
    assert_eq!(
        rows(&fixture, "active?product=atomic&period=month"),
        json!([{"month": "2026-10", "devices": 1}, {"month": "2026-11", "devices": 2}])
    );
    let cohort = |week: &str, devices: u64, share: f64| json!({"cohort": "2026-10-26", "week": week, "devices": devices, "of": 2, "share": share});
    assert_eq!(
        rows(&fixture, "retention?product=atomic"),
        json!([cohort("2026-10-26", 2, 1.0), cohort("2026-11-02", 1, 0.5)])
    );
    assert_eq!(
        rows(&fixture, "new-and-returning?product=atomic"),
        json!([
            {"week": "2026-10-26", "new": 2, "returning": 0, "unknown": 0},
            {"week": "2026-11-02", "new": 0, "returning": 1, "unknown": 0},
        ])
    );
    let page = fixture.get("/product/atomic").body;
    assert!(page.contains("<title>October 2026: 1 device</title>"), "{page}");
}

/// A renamed mark arrives under its own name, and other dialects have it as an
/// attribute like any other.
#[test]
fn marks_arrive_in_other_dialects() {
    let renamed = TOOL.replace("\"*\"", "born = \"age\"\nmarks = \"first\"\n\"*\"");
    let fixture = with(&[&renamed]);
    let text = |text: &str| json!({"stringValue": text});
    let attribute = |key: &str, value: Json| json!({"key": key, "value": value});
    let body = json!({"resourceLogs": [{
        "resource": {"attributes": [attribute("service.name", text("tool"))]},
        "scopeLogs": [{"logRecords": [{
            "eventName": "run",
            "timeUnixNano": "1795132800000000000",
            "attributes": [
                attribute("id", text(&id(1, "2026-11-20"))),
                attribute("marks", json!({"arrayValue": {"values": [text("day"), text("week")]}})),
                attribute("born", text("4-7")),
            ],
        }]}],
    }]});
    let answer = post("/v1/logs", body.to_string())
        .header("content-type", "application/json")
        .send(fixture.address());
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = json!({"api_key": "tool", "batch": [{
        "event": "run",
        "uuid": id(2, "2026-11-20"),
        "timestamp": "2026-11-20T08:00:00Z",
        "distinct_id": "-",
        "properties": {"marks": ["week"], "born": "0"},
    }]});
    let answer = post("/batch/", body.to_string())
        .header("content-type", "application/json")
        .send(fixture.address());
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        rows(&fixture, "new-and-returning?product=tool"),
        json!([{"week": "2026-11-16", "new": 1, "returning": 1, "unknown": 0}])
    );
    assert_eq!(rows(&fixture, "active?product=tool"), json!([{"day": "2026-11-20", "devices": 1}]));
}

/// The last day holds for the event's own day, wherever that comes from.
#[test]
fn an_event_after_its_last_day_is_rejected_as_expired() {
    let expires = TOOL
        .replace("[event.run]", "[event.run]\nexpires = \"2026-11-18\"")
        .replace("optional = \"omit\"", "optional = \"omit\", expires = \"2026-11-16\"");
    let fixture = with(&[&expires]);
    let of = |number, on: &str| {
        let time = format!("{on}T00:00:00Z");
        json!({"id": id(number, on), "event": "run", "time": time, "shell": "zsh"})
    };
    let days = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"];
    let lines: Vec<String> = (1..).zip(days).map(|(n, on)| of(n, on).to_string()).collect();
    let answer = send(&fixture, &lines);
    assert_eq!(answer.json()["accepted"], 3, "{answer:?}");
    for event in answer.json()["events"].as_array().unwrap() {
        assert_eq!(event["reason"], "expired", "{answer:?}");
    }
    assert_eq!(fixture.counter("tool", "rejected", "expired"), 2);
    assert_eq!(fixture.dropped_fields("tool", "expired"), 2);
    let values = rows(&fixture, "by-property?product=tool&event=run&property=shell");
    assert_eq!(values, json!([{"day": "2026-11-16", "value": "zsh", "count": 1}]));
}

/// An older catalog without a last day does not bring an event back.
#[test]
fn the_newest_catalog_says_until_when() {
    let newer = TOOL
        .replace("catalog = 1", "catalog = 2")
        .replace("[event.run]", "[event.run]\nexpires = \"2026-11-18\"")
        .replace("optional = \"omit\"", "optional = \"omit\", expires = \"2026-11-16\"");
    let fixture = with(&[TOOL, &newer]);
    let lines = [
        line(1, "2026-11-18", "day", "0").replace("\"event\"", "\"shell\":\"zsh\",\"event\""),
        line(2, "2026-11-19", "day", "0"),
    ];
    let answer = send(&fixture, &lines).json();
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&1.into(), &1.into()), "{answer}");
    assert_eq!(answer["events"][0]["reason"], "expired");
    assert_eq!(fixture.dropped_fields("tool", "expired"), 1);
    let devices = json!([{"day": "2026-11-18", "devices": 1}]);
    assert_eq!(rows(&fixture, "active?product=tool"), devices);

    // The other way round: what a newer catalog prolonged is taken.
    let older = TOOL.replace("[event.run]", "[event.run]\nexpires = \"2026-11-01\"");
    let prolonged = newer.replace("2026-11-18", "2027-06-30");
    let fixture = with(&[&older, &prolonged]);
    assert_eq!(send(&fixture, &[line(3, "2026-11-19", "", "")]).json()["accepted"], 1);
}

/// The agent that ran a program is a word of a closed list, by which events are
/// counted; anything else is `other`, and a text where a flag belongs is
/// dropped.
#[test]
fn events_are_counted_by_the_agent_that_ran_the_program() {
    let asking = TOOL.replace(
        "event = \"event\"",
        "event = \"event\"\nagent = \"agent\"\nattended = \"attended\"",
    );
    assert_ne!(asking, TOOL);
    let fixture = with(&[&asking]);
    let lines: Vec<String> = [
        json!({}),
        json!({ "agent": "claude", "attended": true }),
        json!({ "agent": "codex", "attended": null }),
        json!({ "agent": "ada-lovelaces-agent", "attended": "ada" }),
        json!({ "agent": 7 }),
    ]
    .into_iter()
    .zip(1..)
    .map(|(own, number)| {
        let mut line: Json = serde_json::from_str(&line(number, "2026-11-20", "", "")).unwrap();
        line.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        line.to_string()
    })
    .collect();
    assert_eq!(send(&fixture, &lines).json()["accepted"], 5);
    let answer =
        fixture.get("/api/v1/ask/by-property?product=tool&event=run&property=agent").json();
    let mut counted: Vec<(String, u64)> = answer["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["value"].as_str().unwrap_or("").to_owned(), row["count"].as_u64().unwrap()))
        .collect();
    counted.sort();
    counted.retain(|(value, _)| !value.is_empty());
    let expected = [("claude", 1), ("codex", 1), ("other", 1)];
    assert_eq!(counted, expected.map(|(word, count)| (word.to_owned(), count)), "{answer}");
    assert_eq!(fixture.dropped_fields("tool", "bad-property"), 2);
}
