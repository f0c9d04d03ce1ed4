//! What a catalog has only until a day is recorded on that day, and not after
//! it.

use headcount::Catalog;
use headcount_testkit::{CaptureServer, Home};

use crate::scene::{self, Tick};

const DAY_S: i64 = 86_400;

/// The property until the second day, the event until the third.
fn catalog(kind: &str, url: &str) -> &'static Catalog {
    let address = format!("{url}{}", scene::path(kind));
    let text = scene::text(&[scene::destination("one", kind, &address)]);
    let number = "number = { count = 1_000_000_000 }";
    let text = text
        .replace(number, &number.replace(" }", ", expires = \"2026-11-21\" }"))
        .replace("owner = \"tests\"", "owner = \"tests\"\nexpires = \"2026-11-22\"");
    scene::catalog(&text)
}

/// Required or not: a property is left out after its day, in every dialect, and
/// an event that was recorded in time is sent, however late.
#[test]
fn a_property_is_left_out_and_an_event_not_recorded_after_its_last_day() {
    for kind in ["headcount", "otlp", "posthog", "http"] {
        let server = CaptureServer::start();
        server.reply_otherwise(match kind {
            "headcount" => {
                scene::yes(kind).body(r#"{"accepted":3,"duplicate":0,"rejected":0,"events":[]}"#)
            }
            _ => scene::yes(kind),
        });
        let (catalog, home) = (catalog(kind, &server.url()), Home::new());
        for (day, number) in [(0, 7_000_001), (1, 7_000_002), (2, 7_000_003)] {
            let session = scene::open(catalog, &home, scene::after(day * DAY_S + 86_399));
            session.try_record(&Tick::new(catalog, number)).expect("its day is not over");
        }
        let session = scene::open(catalog, &home, scene::after(3 * DAY_S));
        let error = session.try_record(&Tick::new(catalog, 7_000_004)).expect_err("it is over");
        assert!(error.is_expired() && !error.is_withheld(), "{error}");
        assert!(error.to_string().contains("last day"), "{error}");

        let flushed = session.flush(&headcount::ship::Ureq::new());
        assert_eq!(flushed.arrived.taken, 3, "{kind}");
        let numbers: Vec<i64> = server.requests().iter().flat_map(scene::numbers).collect();
        assert_eq!(numbers, [7_000_001, 7_000_002], "{kind}");
        let status = scene::say(catalog, &home, scene::after(3 * DAY_S), "status --json");
        assert_eq!(status["lost"], serde_json::json!({}), "{kind}");
    }
}
