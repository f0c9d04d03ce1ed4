//! Every question over HTTP, about a small load whose numbers are known, and
//! every parameter that is wrong.

use headcount_catalog::{Catalog, Day, EventId};
use headcount_collector::{Collector, Registry};
use serde_json::{Value as Json, json};

use crate::client::{Answer, post};
use crate::fixture::Fixture;

/// Devices with ids, a version, a pair, a failure and a duration; raw events
/// are kept for ten days.
pub(crate) const TOOL: &str = include_str!("asking.toml");

pub(crate) const FIRST: &str = "2026-11-19";
pub(crate) const LAST: &str = "2026-11-20";

pub(crate) fn parse(text: &str) -> Catalog {
    headcount_catalog::parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

pub(crate) fn serve(fixture: &mut Fixture, catalogs: Vec<Catalog>) {
    fixture.stop();
    let mut config = fixture.config();
    config.registry = Registry::of(catalogs).unwrap();
    fixture.run(Collector::start(config).unwrap());
}

/// A line of `run`, with everything that a test may want to be otherwise.
pub(crate) fn run(number: u128, device: &str, on: &str, version: &str) -> Json {
    let id = EventId::new(Day::parse(on).unwrap(), number.to_be_bytes()).to_string();
    json!({
        "id": id, "event": "run", "time": format!("{on}T10:00:00Z"), "device": device,
        "version": version, "command": "build", "worked": true,
    })
}

pub(crate) fn send(fixture: &Fixture, lines: &[Json]) -> Answer {
    let lines: Vec<String> = lines.iter().map(Json::to_string).collect();
    post("/api/v1/events", lines.join("\n")).key("tool").send(fixture.address())
}

/// Six devices with version 1.4.0 on the first day; five of them have 1.5.0 on
/// the second, and one device alone has 1.6.0.
pub(crate) fn known() -> Fixture {
    let mut fixture = Fixture::new();
    serve(&mut fixture, vec![parse(TOOL)]);
    let mut lines = Vec::new();
    for number in 1..=6_u128 {
        let mut line = run(number, &format!("d{number}"), FIRST, "1.4.0");
        line["agent"] = json!("claude");
        line["worked"] = json!(number > 1);
        line["took"] = json!(10 * number);
        lines.push(line);
    }
    for number in 1..=5_u128 {
        let mut line = run(10 + number, &format!("d{number}"), LAST, "1.5.0");
        line["command"] = json!("test");
        line["agent"] = json!("copilot");
        line["worked"] = json!(number > 2);
        line["took"] = json!(number);
        lines.push(line);
    }
    lines.push(run(20, "d9", LAST, "1.6.0"));
    assert_eq!(send(&fixture, &lines).json()["accepted"], 12);
    // What comes again changes no number below.
    send(&fixture, &lines).assert_taken(0, 12);
    fixture
}

#[track_caller]
pub(crate) fn ask(fixture: &Fixture, question: &str) -> Json {
    let (name, parameters) = question.split_once('?').unwrap_or((question, ""));
    let answer = fixture.get(&format!("/api/v1/ask/{name}?product=tool&{parameters}"));
    assert_eq!(answer.status, 200, "{question}: {answer:?}");
    answer.json()
}

#[track_caller]
pub(crate) fn answers(fixture: &Fixture, table: &[(&str, Json)]) {
    for (question, rows) in table {
        assert_eq!(ask(fixture, question)["rows"], *rows, "{question}");
    }
}

#[test]
fn events_and_devices_by_version() {
    let fixture = known();
    let table = [
        (
            "events",
            json!([
                {"day": FIRST, "event": "run", "count": 6},
                {"day": LAST, "event": "run", "count": 6},
            ]),
        ),
        ("events?version=1.5.0", json!([{"day": LAST, "event": "run", "count": 5}])),
        ("events?version=1.6.0", json!([])),
        ("events?version=other", json!([{"day": LAST, "event": "run", "count": 1}])),
        (
            "events?by=version",
            json!([
                {"day": FIRST, "version": "1.4.0", "event": "run", "count": 6},
                {"day": LAST, "version": "1.5.0", "event": "run", "count": 5},
                {"day": LAST, "version": "other", "event": "run", "count": 1},
            ]),
        ),
        ("active", json!([{"day": FIRST, "devices": 6}, {"day": LAST, "devices": 6}])),
        ("active?period=week", json!([{"week": "2026-11-16", "devices": 7}])),
        ("active?version=1.5.0", json!([{"day": LAST, "devices": 5}])),
        (
            "active?by=version&period=month",
            json!([
                {"month": "2026-11", "version": "1.4.0", "devices": 6},
                {"month": "2026-11", "version": "1.5.0", "devices": 5},
                {"month": "2026-11", "version": "other", "devices": 1},
            ]),
        ),
        (
            "versions",
            json!([
                {"version": "1.4.0", "first": FIRST, "last": FIRST, "count": 6},
                {"version": "1.5.0", "first": LAST, "last": LAST, "count": 5},
                {"version": "other", "first": LAST, "last": LAST, "count": 1},
            ]),
        ),
    ];
    answers(&fixture, &table);
}

#[test]
fn values_pairs_and_failures() {
    let fixture = known();
    let table = [
        (
            "by-property?event=run&property=command&by=version&days=1",
            json!([
                {"day": LAST, "version": "1.5.0", "value": "test", "count": 5},
                {"day": LAST, "version": "other", "value": "build", "count": 1},
            ]),
        ),
        (
            "across?event=run&one=command&other=agent",
            json!([
                {"day": FIRST, "one": "build", "other": "claude", "count": 6},
                {"day": LAST, "one": "test", "other": "copilot", "count": 5},
            ]),
        ),
        (
            "across?event=run&one=agent&other=command&version=1.4.0",
            json!([{"day": FIRST, "one": "claude", "other": "build", "count": 6}]),
        ),
        (
            "across?event=run&one=command&other=version&days=1",
            json!([
                {"day": LAST, "one": "build", "other": "other", "count": 1},
                {"day": LAST, "one": "test", "other": "1.5.0", "count": 5},
            ]),
        ),
        (
            "failures?event=run",
            json!([
                {"day": FIRST, "value": "", "failed": 1, "worked": 5, "share": 0.1667},
                {"day": LAST, "value": "", "failed": 2, "worked": 4, "share": 0.3333},
            ]),
        ),
        (
            "failures?event=run&property=command&days=1",
            json!([
                {"day": LAST, "value": "build", "failed": 0, "worked": 1, "share": 0.0},
                {"day": LAST, "value": "test", "failed": 2, "worked": 3, "share": 0.4},
            ]),
        ),
        (
            "failures?event=run&version=1.5.0",
            json!([{"day": LAST, "value": "", "failed": 2, "worked": 3, "share": 0.4}]),
        ),
        (
            "failures?event=run&by=version&days=1",
            json!([
                {"day": LAST, "version": "1.5.0", "value": "", "failed": 2, "worked": 3, "share": 0.4},
                {"day": LAST, "version": "other", "value": "", "failed": 0, "worked": 1, "share": 0.0},
            ]),
        ),
    ];
    answers(&fixture, &table);
}

#[test]
fn quantiles_of_a_duration() {
    let fixture = known();
    let first = json!({"day": FIRST, "count": 6, "p50": 30, "p90": 60, "p99": 60, "sum": 210});
    let last = json!({"day": LAST, "count": 5, "p50": 3, "p90": 5, "p99": 5, "sum": 15});
    let all = json!({"all": true, "count": 11, "p50": 10, "p90": 50, "p99": 60, "sum": 225});
    let table = [
        ("quantiles?event=run&property=took", json!([all, first, last])),
        (
            "quantiles?event=run&property=took&period=week",
            json!([all, {"week": "2026-11-16", "count": 11, "p50": 10, "p90": 50, "p99": 60, "sum": 225}]),
        ),
        (
            "quantiles?event=run&property=took&version=1.5.0",
            json!([{"all": true, "count": 5, "p50": 3, "p90": 5, "p99": 5, "sum": 15}, last]),
        ),
        (
            "quantiles?event=run&property=took&by=version&days=2",
            json!([
                {"all": true, "version": "1.4.0", "count": 6, "p50": 30, "p90": 60, "p99": 60, "sum": 210},
                {"day": FIRST, "version": "1.4.0", "count": 6, "p50": 30, "p90": 60, "p99": 60, "sum": 210},
                {"all": true, "version": "1.5.0", "count": 5, "p50": 3, "p90": 5, "p99": 5, "sum": 15},
                {"day": LAST, "version": "1.5.0", "count": 5, "p50": 3, "p90": 5, "p99": 5, "sum": 15},
            ]),
        ),
    ];
    answers(&fixture, &table);
}

#[test]
fn retention_and_new_devices_by_ids() {
    let mut fixture = Fixture::new();
    serve(&mut fixture, vec![parse(TOOL)]);
    let lines = [
        run(1, "a", "2026-11-11", "1.4.0"),
        run(2, "b", "2026-11-12", "1.4.0"),
        run(3, "a", "2026-11-17", "1.4.0"),
        run(4, "c", "2026-11-18", "1.4.0"),
        run(5, "c", "2026-11-20", "1.4.0"),
    ];
    assert_eq!(send(&fixture, &lines).json()["accepted"], 5);
    let cohort = |cohort, week, devices, of, share| json!({"cohort": cohort, "week": week, "devices": devices, "of": of, "share": share});
    let (one, two) = ("2026-11-09", "2026-11-16");
    let table = [
        (
            "retention",
            json!([
                cohort(one, one, 2, 2, 1.0),
                cohort(one, two, 1, 2, 0.5),
                cohort(two, two, 1, 1, 1.0),
            ]),
        ),
        (
            "new-and-returning",
            json!([
                {"week": one, "new": 2, "returning": 0, "unknown": 0},
                {"week": two, "new": 1, "returning": 1, "unknown": 0},
            ]),
        ),
        (
            "new-and-returning?from=2026-11-16",
            json!([{"week": two, "new": 1, "returning": 1, "unknown": 0}]),
        ),
        ("retention?from=2026-11-16&to=2026-11-20", json!([cohort(two, two, 1, 1, 1.0)])),
        // The days say which cohorts, and each has all its weeks.
        (
            "retention?from=2026-11-09&to=2026-11-15",
            json!([cohort(one, one, 2, 2, 1.0), cohort(one, two, 1, 2, 0.5)]),
        ),
    ];
    answers(&fixture, &table);
    // A week in which somebody was new, asked together with the one before.
    let asked = ask(&fixture, "new-and-returning?from=2026-11-16&before=yes");
    let before = &asked["before"];
    assert_eq!(
        (&before["from"], &before["to"]),
        (&json!("2026-11-09"), &json!("2026-11-15")),
        "{asked}"
    );
    assert_eq!(before["rows"], json!([{"week": one, "new": 2, "returning": 0, "unknown": 0}]));
}

#[test]
fn the_days_before() {
    let fixture = known();
    let asked = ask(&fixture, "events?days=1&before=yes");
    assert_eq!(asked["rows"], json!([{"day": LAST, "event": "run", "count": 6}]));
    assert_eq!(
        asked["before"],
        json!({"from": FIRST, "to": FIRST, "rows": [{"day": FIRST, "event": "run", "count": 6}]})
    );
    let none = ask(&fixture, "events?days=1&before=no");
    assert!(none.get("before").is_none(), "{none}");
    // Each question takes it, and each has as many days before.
    for question in [
        "active?period=week&days=3",
        "versions?days=3",
        "rejected?days=3",
        "retention?days=3",
        "by-property?event=run&property=command&days=3",
        "across?event=run&one=command&other=agent&days=3",
        "failures?event=run&days=3",
        "quantiles?event=run&property=took&days=3",
    ] {
        let asked = ask(&fixture, &format!("{question}&before=yes"));
        let end = &asked["before"]["to"];
        let week = question.starts_with("active") || question.starts_with("retention");
        assert_eq!(*end, if week { "2026-11-15" } else { "2026-11-17" }, "{question}: {asked}");
    }
}

#[test]
fn wrong_parameters_get_a_sentence() {
    let fixture = known();
    for (question, told) in [
        ("across", "add `event=…`"),
        ("across?event=run", "add `one=…`"),
        ("across?event=run&one=command", "add `other=…`"),
        ("across?event=run&one=command&other=took", "the property in `other`: use two of "),
        ("across?event=run&one=command&other=command", "are the same property"),
        (
            "across?event=opened&one=command&other=agent",
            "the property in `one`: use two of version",
        ),
        ("across?event=closed&one=command&other=agent", "use run, opened"),
        ("failures", "add `event=…`"),
        ("failures?event=opened", "add `failure` to a property"),
        ("failures?event=run&property=took", "not counted by this property: use "),
        ("failures?event=run&property=nothing", "not counted by this property: use "),
        ("quantiles?event=run", "add `property=…`"),
        ("quantiles?event=run&property=command", "not measured by this property: use took"),
        ("quantiles?event=opened&property=took", "are not measured by any property"),
        ("quantiles?event=run&property=took&period=hour", "use day, week or month"),
        ("versions?version=1.4.0", "this question takes product, from, to, days, before"),
        ("versions?event=run", "this question takes product"),
        ("rejected?by=version", "this question takes product"),
        ("retention?by=version", "this question takes product"),
        ("new-and-returning?version=1.4.0", "this question takes product"),
        ("events?by=took", "unknown name in `by`: use version, command, agent, worked"),
        ("events?where=command", "`where` is not a name and a value"),
        ("events?where=took:1", "unknown name in `where`: use version, command, agent, worked"),
        ("events?where=command:deploy", "unknown value of `command` in `where`: use build, test"),
        ("versions?where=command:build", "this question takes product"),
        ("failures?event=opened&where=version:1.4.0", "add `failure` to a property"),
        ("events?by=version&version=1.4.0", "leave one out"),
        ("events?before=2026-11-31", "unknown `before`: use yes, no, year or a date such as"),
        ("events?before=yes&before=yes", "`before` is given twice"),
        ("events?days=0", "`days` is not a number from 1 to 3660"),
        ("events?days=-3", "`days` is not a number"),
        ("events?days=1e1", "`days` is not a number"),
        ("events?days=14&from=2026-11-01", "both `from` and `days` are given"),
    ] {
        let (name, parameters) = question.split_once('?').unwrap_or((question, ""));
        let answer = fixture.get(&format!("/api/v1/ask/{name}?product=tool&{parameters}"));
        assert_eq!(answer.status, 400, "{question}: {answer:?}");
        assert!(answer.error().contains(told), "{question}: {answer:?}");
    }
}
