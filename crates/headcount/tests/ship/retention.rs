//! What has waited longer than the catalog allows goes, by the time it was
//! recorded, and is counted.

use headcount_testkit::{CannedAnswer, CaptureServer, Home, ServerReply};

use crate::scene;

const DAY_S: i64 = 86_400;

#[test]
fn a_record_goes_with_its_own_day_however_young_its_claim() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    // The machine was off for 31 days; both lines are claimed at once.
    scene::ticks(catalog, &home, scene::after(0), [1]);
    scene::ticks(catalog, &home, scene::after(DAY_S), [2]);
    let flushed = scene::ship(catalog, &home, scene::after(31 * DAY_S));
    assert_eq!(flushed.arrived.taken, 1);
    let numbers: Vec<i64> = server.requests().iter().flat_map(scene::numbers).collect();
    assert_eq!(numbers, [2]);
    let status = scene::say(catalog, &home, scene::after(31 * DAY_S), "status --json");
    assert_eq!(status["lost"], serde_json::json!({"over-age": 1}));
    assert_eq!(status["waiting"]["events"], 0);
}

/// A batch that was sealed, and perhaps received, is no exception.
#[test]
fn a_sealed_batch_grows_old_as_well() {
    let server = CaptureServer::start();
    server.reply_next(ServerReply::Lost);
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    scene::ticks(catalog, &home, scene::after(DAY_S), [2]);
    scene::ship(catalog, &home, scene::after(DAY_S));
    assert_eq!(scene::numbers(&server.requests()[0]), [1, 2]);
    scene::ship(catalog, &home, scene::after(31 * DAY_S));
    assert_eq!(scene::numbers(&server.requests()[1]), [2]);
}

/// The bound on days holds also where no destination can be asked for months.
#[test]
fn nothing_waits_longer_for_want_of_a_destination() {
    let server = CaptureServer::start();
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    let waiting = |day: i64| {
        let status = scene::say(catalog, &home, scene::after(day * DAY_S), "status --json");
        status["waiting"]["events"].as_u64().expect("a number")
    };
    for day in 0..40 {
        let now = scene::after(day * DAY_S);
        server.reply_next(CannedAnswer::status(503).header("retry-after", "86400"));
        scene::ship(catalog, &home, now);
        assert_eq!(waiting(day), u64::from(day <= 30), "day {day}");
    }
}
