//! `GET /api/v1/ask/…`.

use serde_json::json;

use crate::fixture::{Fixture, line_of};

fn asked() -> Fixture {
    let fixture = Fixture::new();
    let lines = [
        line_of(1, "2026-11-20", "update"),
        line_of(2, "2026-11-20", "init"),
        line_of(12, "2026-11-20", "init"),
        line_of(3, "2026-11-19", "init"),
        line_of(4, "2026-10-21", "run"),
    ];
    assert_eq!(fixture.send(&lines).json()["accepted"], 5);
    fixture
}

#[test]
fn events_devices_and_values_by_day() {
    let fixture = asked();
    let events = fixture.get("/api/v1/ask/events?product=atomic&from=2026-11-20&to=2026-11-20");
    assert_eq!(
        events.body,
        "{\"question\":\"events\",\"product\":\"atomic\",\"rows\":[\
         {\"day\":\"2026-11-20\",\"event\":\"atomic_command\",\"count\":3}]}"
    );
    assert_eq!(events.header("content-type"), Some("application/json"));
    let active = fixture.get("/api/v1/ask/active?product=atomic").json();
    assert_eq!(
        active["rows"],
        json!([{"day": "2026-11-19", "devices": 1}, {"day": "2026-11-20", "devices": 2}])
    );
    let values = "/api/v1/ask/by-property?product=atomic&event=atomic_command&property=command";
    assert_eq!(
        fixture.get(&format!("{values}&from=2026-10-21")).json()["rows"],
        json!([
            {"day": "2026-10-21", "value": "run", "count": 1},
            {"day": "2026-11-19", "value": "init", "count": 1},
            {"day": "2026-11-20", "value": "init", "count": 2},
            {"day": "2026-11-20", "value": "update", "count": 1},
        ])
    );
    let of_others = fixture.get("/api/v1/ask/events?product=archon").json();
    assert_eq!(of_others["rows"], json!([]));
}

#[test]
fn wrong_questions_are_told() {
    let fixture = Fixture::new();
    for (path, status, told) in [
        (
            "/api/v1/ask/everything?product=atomic",
            404,
            "use events, active, new-and-returning, retention, by-property",
        ),
        ("/api/v1/ask", 404, "use events, active, new-and-returning, retention, by-property"),
        ("/api/v1/ask/events", 400, "add `product=…`"),
        (
            "/api/v1/ask/events?product=nobody",
            404,
            "has catalogs for archon, assembly, atomcode, atomic, clacky",
        ),
        ("/api/v1/ask/events?product=atomic&from=today", 400, "`from` is not a date"),
        (
            "/api/v1/ask/events?product=atomic&since=2026-01-01",
            400,
            "this question takes product, from, to",
        ),
        ("/api/v1/ask/events?product=atomic&from=2026-12-01", 400, "swap them"),
        ("/api/v1/ask/events?product=%ff", 404, "has catalogs for archon"),
        ("/api/v1/ask/by-property?product=atomic", 400, "add `event=…`"),
        ("/api/v1/ask/by-property?product=atomic&event=x&property=y", 400, "use atomic_command,"),
        (
            "/api/v1/ask/by-property?product=atomic&event=atomic_command&property=anonymousId",
            400,
            "use platform, atomicVersion, command, agentType, success",
        ),
    ] {
        let answer = fixture.get(path);
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert!(answer.error().contains(told), "{path}: {answer:?}");
    }
}
