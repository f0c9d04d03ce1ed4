//! Questions that filter by values, and others that raw events answer.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::asking::{FIRST, LAST, TOOL, answers, ask, known, parse, run, send, serve};
use crate::fixture::Fixture;

#[test]
fn filters_are_alternatives_of_a_name_and_conditions_of_several() {
    let fixture = known();
    let event = |day: &str, count| json!({"day": day, "event": "run", "count": count});
    let table = [
        ("events?where=command:build", json!([event(FIRST, 6), event(LAST, 1)])),
        ("events?where=command:build&where=command:test", json!([event(FIRST, 6), event(LAST, 6)])),
        ("events?where=command:test&where=agent:claude", json!([])),
        ("events?where=agent:", json!([event(LAST, 1)])),
        ("events?where=worked:false", json!([event(FIRST, 1), event(LAST, 2)])),
        // A version that one device alone has told has no name.
        ("events?where=version:1.6.0", json!([])),
        ("events?where=version:other", json!([event(LAST, 1)])),
        ("events?where=version:1.4.0&version=1.4.0", json!([event(FIRST, 6)])),
        (
            "active?where=command:build",
            json!([
                {"day": FIRST, "devices": 6}, {"day": LAST, "devices": 1},
            ]),
        ),
        (
            "active?period=week&where=agent:claude&where=agent:copilot",
            json!([
                {"week": "2026-11-16", "devices": 6},
            ]),
        ),
        (
            "active?period=week&where=worked:true&by=version",
            json!([
                {"week": "2026-11-16", "version": "1.4.0", "devices": 5},
                {"week": "2026-11-16", "version": "1.5.0", "devices": 3},
                {"week": "2026-11-16", "version": "other", "devices": 1},
            ]),
        ),
        (
            "by-property?event=run&property=agent&where=worked:true",
            json!([
                {"day": FIRST, "value": "claude", "count": 5},
                {"day": LAST, "value": "copilot", "count": 3},
            ]),
        ),
        (
            "failures?event=run&where=agent:copilot",
            json!([
                {"day": LAST, "value": "", "failed": 2, "worked": 3, "share": 0.4},
            ]),
        ),
        (
            "failures?event=run&property=command&where=version:1.5.0&where=version:other",
            json!([
                {"day": LAST, "value": "build", "failed": 0, "worked": 1, "share": 0.0},
                {"day": LAST, "value": "test", "failed": 2, "worked": 3, "share": 0.4},
            ]),
        ),
        (
            "quantiles?event=run&property=took&where=agent:copilot",
            json!([
                {"all": true, "count": 5, "p50": 3, "p90": 5, "p99": 5, "sum": 15},
                {"day": LAST, "count": 5, "p50": 3, "p90": 5, "p99": 5, "sum": 15},
            ]),
        ),
    ];
    answers(&fixture, &table);
}

#[test]
fn pairs_and_splits_that_no_rollup_has() {
    let fixture = known();
    let table = [
        (
            "across?event=run&one=agent&other=worked",
            json!([
                {"day": FIRST, "one": "claude", "other": "false", "count": 1},
                {"day": FIRST, "one": "claude", "other": "true", "count": 5},
                {"day": LAST, "one": "copilot", "other": "false", "count": 2},
                {"day": LAST, "one": "copilot", "other": "true", "count": 3},
            ]),
        ),
        (
            "events?by=agent",
            json!([
                {"day": FIRST, "by": "claude", "event": "run", "count": 6},
                {"day": LAST, "by": "", "event": "run", "count": 1},
                {"day": LAST, "by": "copilot", "event": "run", "count": 5},
            ]),
        ),
        (
            "quantiles?event=run&property=took&by=command&period=week",
            json!([
                {"all": true, "by": "build", "count": 6, "p50": 30, "p90": 60, "p99": 60, "sum": 210},
                {"week": "2026-11-16", "by": "build", "count": 6, "p50": 30, "p90": 60, "p99": 60, "sum": 210},
                {"all": true, "by": "test", "count": 5, "p50": 3, "p90": 5, "p99": 5, "sum": 15},
                {"week": "2026-11-16", "by": "test", "count": 5, "p50": 3, "p90": 5, "p99": 5, "sum": 15},
            ]),
        ),
        ("active?by=command&version=1.5.0", json!([{"day": LAST, "by": "test", "devices": 5}])),
    ];
    answers(&fixture, &table);
}

/// Without a filter, raw events and rollups are the same numbers.
#[test]
fn a_filter_that_everything_passes_changes_nothing() {
    let fixture = known();
    let all = "where=command:build&where=command:test";
    for question in [
        "events?",
        "events?by=version&",
        "active?period=month&",
        "active?by=version&",
        "by-property?event=run&property=version&",
        "across?event=run&one=command&other=agent&",
        "failures?event=run&property=command&",
        "quantiles?event=run&property=took&period=week&",
    ] {
        let (own, filtered) = (ask(&fixture, question), ask(&fixture, &format!("{question}{all}")));
        assert_eq!(own["rows"], filtered["rows"], "{question}");
        assert!(own.get("counted_from").is_none() && filtered["counted_from"].is_string());
    }
}

#[test]
fn an_answer_says_from_which_day_on_it_is() {
    let mut fixture = Fixture::new();
    serve(&mut fixture, vec![parse(TOOL)]);
    let lines = [run(1, "a", "2026-11-11", "1.4.0"), run(2, "b", "2026-11-20", "1.4.0")];
    assert_eq!(send(&fixture, &lines).json()["accepted"], 2);
    let question = "events?from=2026-11-01&where=command:build";
    let told = ask(&fixture, question);
    assert_eq!(told["counted_from"], json!("2026-11-01"));
    assert_eq!(told["rows"].as_array().map(Vec::len), Some(2));
    // Raw events are kept for ten days.
    fixture.clock.advance(Duration::from_secs(2 * 86_400));
    assert_eq!(fixture.keep_house().expired, 1);
    let question = format!("{question}&to=2026-11-20");
    let told = ask(&fixture, &question);
    assert_eq!(told["counted_from"], json!("2026-11-12"));
    let row: Json = json!({"day": "2026-11-20", "event": "run", "count": 1});
    assert_eq!(told["rows"], json!([row]));
    let csv = fixture.get(&format!("/api/v1/ask/{question}&product=tool&format=csv"));
    let file = csv.header("content-disposition").unwrap_or_default().to_owned();
    assert!(file.contains("tool-events-2026-11-12-2026-11-20.csv"), "{file}");
}
