//! What answers tell and do not tell: of what was rejected, of values that were
//! invented, after housekeeping, and in the documentation.

use headcount_catalog::{Day, EventId};
use serde_json::{Value as Json, json};

use crate::asking::{LAST, TOOL, answers, ask, known, parse, run, send, serve};
use crate::fixture::Fixture;
use crate::stored::assert_sealed;

/// Where and why, in names of the catalog, with both versions, and never a
/// value.
#[test]
fn what_was_rejected() {
    let fixture = known();
    let with = |number, key: &str, value: Json| {
        let mut line = run(number, "d1", LAST, "1.5.0");
        line[key] = value;
        line
    };
    let mut nothing = run(36, "d1", LAST, "1.5.0");
    nothing.as_object_mut().unwrap().remove("command");
    let lines = [
        with(30, "command", json!("deploy")),
        with(31, "command", json!("undeploy")),
        with(32, "worked", json!("yes")),
        with(33, "took", json!("a while")),
        with(34, "event", json!("invented")),
        with(35, "secret", json!("planted")),
        nothing,
        with(37, "version", json!("my own")),
    ];
    let answer = send(&fixture, &lines).json();
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&json!(2), &json!(6)), "{answer}");
    let told = |index: usize, rest: Json| {
        let mut told = json!({"index": index, "outcome": "rejected"});
        told.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        told
    };
    let choice = |index, reason: &str| {
        told(
            index,
            json!({"reason": reason, "path": "run.command", "kind": "choice", "catalog": 3}),
        )
    };
    let flag =
        json!({"reason": "bad-property", "path": "run.worked", "kind": "flag", "catalog": 3});
    let version =
        json!({"reason": "bad-property", "path": "run.version", "kind": "version", "catalog": 3});
    assert_eq!(
        answer["events"],
        json!([
            choice(0, "outside-set"),
            choice(1, "outside-set"),
            told(2, flag),
            told(4, json!({"reason": "unknown-event"})),
            choice(6, "missing-property"),
            told(7, version),
        ])
    );
    let row = |path: &str, kind: &str, reason: &str, program: &str, count: u64| json!({"path": path, "kind": kind, "reason": reason, "catalog": 3, "program": program, "count": count});
    let mut rows = ask(&fixture, "rejected")["rows"].as_array().unwrap().clone();
    rows.sort_by_key(Json::to_string);
    let mut wanted = vec![
        row("run.command", "choice", "outside-set", "1.5.0", 2),
        row("run.worked", "flag", "bad-property", "1.5.0", 1),
        row("run.took", "duration", "bad-property", "1.5.0", 1),
        row("", "", "unknown-event", "1.5.0", 1),
        row("run", "", "unknown-property", "1.5.0", 1),
        row("run.command", "choice", "missing-property", "1.5.0", 1),
        row("run.version", "version", "bad-property", "", 1),
    ];
    wanted.sort_by_key(Json::to_string);
    assert_eq!(rows, wanted);
    let body = fixture.get("/api/v1/ask/rejected?product=tool").body;
    for value in ["deploy", "yes", "a while", "invented", "secret", "planted", "my own"] {
        assert!(!body.contains(value), "{value}: {body}");
    }
    assert_eq!(ask(&fixture, "rejected?to=2026-11-19&days=5")["rows"], json!([]));
}

/// One device cannot fill a vocabulary, and neither can four.
#[test]
fn invented_versions_are_in_nobodys_way() {
    let mut fixture = Fixture::new();
    serve(&mut fixture, vec![parse(TOOL)]);
    for (liar, first) in [("liar", 0_u128), ("other", 1_000), ("third", 2_000), ("last", 3_000)] {
        let invented = |number: u128| run(first + number, liar, LAST, &format!("9.{number}.0"));
        let lines: Vec<Json> = (1..=1_000).map(invented).collect();
        assert_eq!(send(&fixture, &lines).json()["accepted"], 1_000);
    }
    let invented = json!({"version": "other", "first": LAST, "last": LAST, "count": 4_000});
    answers(&fixture, &[("versions", json!([invented]))]);
    let honest = |number: u128| run(5_000 + number, &format!("d{number}"), LAST, "1.2.3");
    let lines: Vec<Json> = (1..=50).map(honest).collect();
    assert_eq!(send(&fixture, &lines).json()["accepted"], 50);
    let table = [
        (
            "versions",
            json!([{"version": "1.2.3", "first": LAST, "last": LAST, "count": 50}, invented]),
        ),
        ("active?version=1.2.3", json!([{"day": LAST, "devices": 50}])),
        (
            "failures?event=run&version=1.2.3",
            json!([{"day": LAST, "value": "", "failed": 0, "worked": 50, "share": 0.0}]),
        ),
    ];
    answers(&fixture, &table);
}

/// An answer stays short enough for every client.
#[test]
fn an_answer_names_a_hundred_places() {
    let mut fixture = Fixture::new();
    serve(&mut fixture, vec![parse(TOOL)]);
    let bad = |number: u128| {
        let mut line = run(number, "d1", LAST, "1.5.0");
        line["command"] = json!("deploy");
        line
    };
    let lines: Vec<Json> = (1..=500).map(bad).collect();
    let answer = send(&fixture, &lines);
    assert_eq!(answer.json()["rejected"], 500, "{answer:?}");
    assert_eq!(answer.body.matches("\"path\":\"run.command\"").count(), 100);
    assert!(answer.body.len() < 64 * 1024, "{}", answer.body.len());
    let rows = ask(&fixture, "rejected")["rows"].clone();
    assert_eq!((&rows[0]["count"], rows.as_array().unwrap().len()), (&json!(500), 1));
}

/// The rows in the documentation are answers about this load.
#[test]
fn the_documentation_shows_real_answers() {
    let fixture = known();
    let mut bad = run(40, "d1", LAST, "1.5.0");
    bad["took"] = json!("a while");
    bad["event"] = json!("run");
    bad["command"] = json!("test");
    let mut marked = Fixture::new();
    let with_marks = parse(include_str!("counting.toml"));
    serve(&mut marked, vec![with_marks]);
    let mark = |number: u128, on: &str, age: &str| {
        let id = EventId::new(Day::parse(on).unwrap(), number.to_be_bytes()).to_string();
        json!({"id": id, "event": "run", "time": format!("{on}T00:00:00Z"), "first": ["week"], "age": age})
    };
    let marks =
        [mark(1, "2026-10-31", "0"), mark(2, "2026-10-31", "0"), mark(3, "2026-11-09", "2-3")];
    assert_eq!(send(&marked, &marks).json()["accepted"], 3);
    let by_marks = marked.get("/api/v1/ask/retention?product=tool").body;

    let mut answers = vec![by_marks];
    for question in [
        "events?",
        "events?by=version",
        "events?by=agent",
        "events?days=1&before=yes",
        "active?",
        "active?period=week",
        "active?period=month",
        "new-and-returning?",
        "retention?",
        "across?event=run&one=command&other=agent",
        "failures?event=run&property=command",
        "quantiles?event=run&property=took",
        "steps?step=run:command:build&step=run:command:test",
        "next?",
        "versions?",
        "by-property?event=run&property=command",
    ] {
        answers.push(fixture.get(&format!("/api/v1/ask/{question}&product=tool")).body);
    }
    assert_eq!(send(&fixture, &[bad]).json()["accepted"], 1);
    answers.push(fixture.get("/api/v1/ask/rejected?product=tool").body);
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/collector.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    let (_, docs) = docs.split_once("## Asking it").unwrap();
    let (table, _) = docs.split_once("A value of an open vocabulary").unwrap();
    let (_, table) = table.split_once("| question | answers | rows |").unwrap();
    let rows =
        table.split('`').filter(|text| text.starts_with('{') || text.starts_with("\"before"));
    let rows: Vec<&str> = rows.collect();
    assert_eq!(rows.len(), 19);
    for row in rows {
        assert!(answers.iter().any(|answer| answer.contains(row)), "{row}");
    }
}

/// The numbers are of events, whatever has become of them in the file.
#[test]
fn every_answer_is_the_same_after_housekeeping_and_a_restart() {
    let mut fixture = known();
    let questions = [
        "events?by=version",
        "active?by=version&period=week",
        "versions",
        "rejected",
        "retention",
        "new-and-returning",
        "by-property?event=run&property=command",
        "across?event=run&one=command&other=agent&by=version",
        "failures?event=run&property=command&by=version",
        "quantiles?event=run&property=took&by=version",
    ];
    let all = |fixture: &Fixture| questions.map(|question| ask(fixture, question).to_string());
    let fresh = all(&fixture);
    fixture.keep_house();
    assert_eq!(all(&fixture), fresh);
    serve(&mut fixture, vec![parse(TOOL)]);
    assert_eq!(all(&fixture), fresh);
    // A day on, the first day is closed.
    fixture.clock.advance(std::time::Duration::from_secs(2 * 86_400));
    assert_sealed(&fixture.keep_house(), 12, None);
    let dated = |fixture: &Fixture| {
        questions.map(|question| {
            let mark = if question.contains('?') { '&' } else { '?' };
            ask(fixture, &format!("{question}{mark}to={LAST}")).to_string()
        })
    };
    assert_eq!(dated(&fixture), fresh);
}
