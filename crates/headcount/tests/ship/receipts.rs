//! Receipts: what was sent, when, where, and what came back, one a request.

use headcount::Catalog;
use headcount_testkit::{CannedAnswer, CaptureServer, Home, ServerReply};
use serde_json::{Value as Json, json};

use crate::scene;

fn receipts(catalog: &'static Catalog, home: &Home) -> Vec<Json> {
    let said = scene::say(catalog, home, scene::after(0), "receipts --json");
    said.as_array().expect("a list").clone()
}

#[test]
fn every_request_leaves_one() {
    let server = CaptureServer::start();
    server.reply_next(ServerReply::Lost);
    server.reply_next(CannedAnswer::status(200).body("<html>"));
    server.reply_next(CannedAnswer::status(400));
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::tell(catalog, &home);
    let before = home.tree();
    assert_eq!(receipts(catalog, &home), Vec::<Json>::new());
    assert_eq!(home.tree(), before, "asking for them makes nothing");
    for number in 0..4_i64 {
        let now = scene::after(number * 3_600);
        scene::ticks(catalog, &home, now, [number]);
        scene::ship(catalog, &home, now);
    }
    let bytes: Vec<usize> = server.requests().iter().map(|it| it.body.len()).collect();
    let got = receipts(catalog, &home);
    let receipt = |place: usize, events: u64, rest: [Json; 4]| {
        let [status, taken, rejected, error] = rest;
        let hour = got[place]["time"].clone();
        json!({
            "time": hour, "destination": "one", "events": events, "bytes": bytes[place],
            "status": status, "taken": taken, "rejected": rejected, "error": error,
        })
    };
    let none = Json::Null;
    let expected = [
        receipt(0, 1, [none.clone(), json!(0), json!(0), json!("broken-off")]),
        receipt(1, 1, [json!(200), json!(0), json!(0), json!("not-its-answer")]),
        receipt(2, 1, [json!(400), json!(0), json!(1), json!("refused")]),
    ];
    assert_eq!(got[..3], expected);
    // What was never taken is set aside; the rest arrived after it.
    let taken: u64 = got[3..].iter().filter_map(|it| it["taken"].as_u64()).sum();
    assert_eq!(taken, 3);
    assert!(got[0]["time"].as_str().is_some_and(|time| time == "2026-11-20T00:00:00Z"));
    let tally = scene::say(catalog, &home, scene::after(0), "status --json");
    assert_eq!(tally["requests"], json!({"tried": got.len(), "failed": 3}));
    assert_eq!(tally["lost"], json!({"rejected": 1}));
    assert_eq!(tally["destinations"][0]["lastRequest"], got[got.len() - 1]);
}

#[test]
fn a_person_reads_them_a_line_each_and_clear_removes_them() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    for number in 0..3 {
        scene::ticks(catalog, &home, scene::after(number), [number]);
        scene::ship(catalog, &home, scene::after(number));
    }
    let said = scene::said(catalog, &home, scene::after(9), "receipts --last 2");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 2, "{said}");
    assert!(lines[0].starts_with("2026-11-20T00:00:01Z one: 1 event, "), "{said}");
    assert!(lines[1].ends_with(" bytes: 200, accepted 1"), "{said}");
    scene::said(catalog, &home, scene::after(9), "clear");
    let said = scene::said(catalog, &home, scene::after(9), "receipts");
    assert!(said.starts_with("There are no receipts"), "{said}");
}
