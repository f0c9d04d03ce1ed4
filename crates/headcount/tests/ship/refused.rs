//! Purposes that are refused, and what a shipper makes or keeps by itself: the
//! report that waits for the next shipment, and rejected events.

use std::fs;

use headcount::Catalog;
use headcount_testkit::{CannedAnswer, CaptureServer, Home};
use serde_json::{Value as Json, json};

use crate::report::{self, DAY_S, NAME, TALLY, command};
use crate::scene::{self, after};

/// The product whose ticks have a purpose of their own; the report has not.
fn catalog(server: &CaptureServer) -> &'static Catalog {
    let purpose = "[purpose.ticks]\ntitle = \"Ticks\"\nwhy = \"Whether they arrive.\"\n\n";
    let event = format!("{purpose}[event.tick]\npurpose = \"ticks\"\n");
    scene::catalog(&report::text("otlp", server).replace("[event.tick]\n", &event))
}

/// A report belongs to usage: refused, it is neither sent nor kept, and what
/// was counted until then is not told later.
#[test]
fn a_report_that_waits_goes_with_its_purpose() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("otlp"));
    let (catalog, home) = (catalog(&server), Home::new());
    report::a_report_waits(catalog, &home);
    let said = scene::said(catalog, &home, after(DAY_S + 1), "off usage");
    assert!(said.starts_with("Usage: off. No event of this purpose was waiting.\n"), "{said}");
    assert!(!home.read(TALLY).contains(NAME), "{}", home.read(TALLY));
    assert!(!scene::said(catalog, &home, after(DAY_S + 2), "dump --json").contains(NAME));
    for day in 2..5 {
        assert_eq!(command(catalog, &home, day * DAY_S), 0, "day {day}");
    }
    assert_eq!(report::reports(&server.requests()).len(), 0);
    scene::said(catalog, &home, after(5 * DAY_S), "on usage");
    command(catalog, &home, 5 * DAY_S);
    command(catalog, &home, 6 * DAY_S + 1);
    command(catalog, &home, 7 * DAY_S + 2);
    let reports = report::reports(&server.requests());
    assert!(!reports.is_empty());
    // Two commands since it was allowed again, and none of those before.
    assert!(reports[0].1["uploads_tried"].as_u64().unwrap() <= 2, "{reports:?}");
}

/// What a destination rejected and the person can look at is theirs to refuse.
#[test]
fn rejected_events_go_with_their_purpose() {
    let server = CaptureServer::start();
    server.reply_otherwise(CannedAnswer::status(400));
    let (catalog, home) = (catalog(&server), Home::new());
    command(catalog, &home, 0);
    let quarantine = ".tick/telemetry-state/quarantine.jsonl";
    let line = home.read(quarantine);
    let other = "{\"event\":\"another\"}\n";
    home.write(quarantine, format!("{line}{other}"));
    scene::said(catalog, &home, after(1), "off ticks");
    assert_eq!(home.read(quarantine), other);
    home.write(quarantine, line);
    scene::said(catalog, &home, after(2), "off ticks");
    assert!(fs::symlink_metadata(home.path().join(quarantine)).is_err());
    let status: Json = scene::say(catalog, &home, after(3), "status --json");
    assert_eq!(status["quarantineBytes"], json!(0));
}
